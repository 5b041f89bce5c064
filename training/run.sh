#!/bin/sh
# One size from nothing to a measured ONNX file: training/run.sh [SIZE] [DATA] [OUT]
# SETS=another description than training/sets.json, beside the folders that its `ours` name.
# TEACHER=weights.pt or ONNX file of a larger network: learns from its answers too.
# START_FROM=weights.pt or ONNX file of the same size: a further round.
# SEED, ITERATIONS, LEARNING_RATE, PIECE_S: as --help of training.train has them. Paths are from the repository's root.
# Killed at any moment, the same command goes on where it stopped; another one is refused the same OUT.
set -eu
cd "$(dirname "$0")/.."
size=${1:-n}
data=$(cd "${2:-../shared/data}" && pwd)
out=${3:-runs/$size}
sets=${SETS:-training/sets.json}
iterations=${ITERATIONS:-27000}
piece_s=${PIECE_S:-570}

# DATA may be read-only: its sets are linked beside the made-up pictures, anew each time.
linked=$out/data
mkdir -p "$linked"
find "$linked" -type l -exec rm {} +
ln -s "$data"/* "$linked/"
if [ ! -e "$linked/synth" ] && grep -q '"folder": *"synth"' "$sets"; then
  if [ ! -e runs/synth ]; then
    mkdir -p runs
    rm -rf runs/synth.partial
    python3 -m training.synth_pictures --out runs/synth.partial --touchline "${TOUCHLINE:-build/release/touchline}"
    mv runs/synth.partial runs/synth
  fi
  ln -s "$PWD/runs/synth" "$linked/synth"
fi

train() {
  python3 -m training.train --size "$size" --data "$linked" --sets "$sets" --out "$out" --iterations "$iterations" --piece-s "$piece_s" \
    --seed "${SEED:-0}" ${LEARNING_RATE:+--learning-rate "$LEARNING_RATE"} ${TEACHER:+--teacher "$TEACHER"} ${START_FROM:+--start-from "$START_FROM"}
}

train  # at least once: it refuses what OUT was not begun with
until grep -q "\"iteration\": $iterations," "$out/log.jsonl" 2>/dev/null; do
  train
done
python3 -m training.export "$out/weights.pt" "$out/touchline_$size.onnx" --size "$size"
python3 -m training.evaluate "$out/touchline_$size.onnx" --data "$linked" --sets "$sets" > "$out/accuracy.jsonl"
cat "$out/accuracy.jsonl"
