#!/bin/sh
# One size from nothing to a measured ONNX file: training/run.sh [SIZE] [DATA] [OUT]
# TEACHER=weights.pt or ONNX file of a larger network: learns from its answers too.
# START_FROM=weights.pt of the same size: a further round.
# SEED, ITERATIONS, LEARNING_RATE, PIECE_S: as --help of training.train has them.
# Killed at any moment, the same command goes on where it stopped.
set -eu
cd "$(dirname "$0")/.."
size=${1:-n}
data=${2:-../shared/data}
out=${3:-runs/$size}
iterations=${ITERATIONS:-27000}
piece_s=${PIECE_S:-570}

# DATA may be read-only: its sets are linked beside the made-up pictures.
sets=runs/data
mkdir -p "$out" "$sets"
ln -sfn "$(realpath "$data")"/* "$sets/"
if [ ! -e "$sets/synth" ]; then
  rm -rf "$sets/synth.partial"
  python3 -m training.synth_pictures --out "$sets/synth.partial" --touchline "${TOUCHLINE:-build/release/touchline}"
  mv "$sets/synth.partial" "$sets/synth"
fi

until grep -q "\"iteration\": $iterations," "$out/log.jsonl" 2>/dev/null; do
  python3 -m training.train --size "$size" --data "$sets" --out "$out" --iterations "$iterations" --piece-s "$piece_s" \
    --seed "${SEED:-0}" ${LEARNING_RATE:+--learning-rate "$LEARNING_RATE"} ${TEACHER:+--teacher "$TEACHER"} ${START_FROM:+--start-from "$START_FROM"}
done
python3 -m training.export "$out/weights.pt" "$out/touchline_$size.onnx"
python3 -m training.evaluate "$out/touchline_$size.onnx" --data "$sets" | tee "$out/accuracy.jsonl"
