#!/bin/sh
# One size from nothing to a measured ONNX file: training/run.sh [SIZE] [DATA] [OUT]
# SETS=another description than training/sets.json, beside the folders that its `ours` name.
# TEACHER=weights.pt or ONNX file of a larger network: learns from its answers too.
# START_FROM=weights.pt or ONNX file of the same size: a further round.
# SEED, ITERATIONS (24000), LEARNING_RATE, PIECE_S (a day): as --help of training.train has them. Paths are from the repository's root.
# PYTHON=one that has training/requirements.txt, if python3 has not; TOUCHLINE=the program, if it is not build/release/touchline.
# Killed at any moment, the same command goes on where it stopped; another one is refused the same OUT.
set -eu
fail() { echo "run.sh: nothing was started: $1" >&2; exit 2; }
case ${1:-} in -*) sed -n '2,/^set/s/^# //p' "$0"; exit 2 ;; esac
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
size=${1:-n}
data=${2:-../shared/data}
out=${3:-runs/$size}
sets=${SETS:-training/sets.json}
iterations=${ITERATIONS:-24000}
piece_s=${PIECE_S:-86400}  # one piece: each reads the pictures anew
linked=$out/data

case $iterations in '' | 0* | *[!0-9]*) fail "ITERATIONS=$iterations: must be a whole number above 0" ;; esac
[ -d "$data" ] || fail "$data: no such folder; paths are from $PWD"
data=$(cd "$data" && pwd)
[ ! "$linked" -ef "$data" ] || fail "$linked is DATA itself, and is to hold links to what lies in DATA; name another OUT"
[ "$(ls "$data")" ] || fail "$data: an empty folder; it must hold the sets that $sets names"
"$python" -c 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))' cv2 matplotlib numpy onnx openvino torch ||
  fail "$python lacks what training/requirements.txt lists; pip install -r it, or name another by PYTHON="

# DATA may be read-only: its sets are linked beside the made-up pictures, anew each time.
mkdir -p "$linked"
find "$linked" -maxdepth 1 -type l -exec rm {} +
ln -s "$data"/* "$linked/"
if [ ! -e "$linked/synth" ] && grep -qs '"folder": *"synth"' "$sets"; then
  if [ ! -e runs/synth ]; then
    mkdir -p runs
    rm -rf runs/synth.partial
    "$python" -m training.synth_pictures --out runs/synth.partial --touchline "${TOUCHLINE:-build/release/touchline}"
    mv runs/synth.partial runs/synth
  fi
  ln -s "$PWD/runs/synth" "$linked/synth"
fi

train() {
  "$python" -m training.train --size "$size" --data "$linked" --sets "$sets" --out "$out" --iterations "$iterations" --piece-s "$piece_s" \
    --seed "${SEED:-0}" ${LEARNING_RATE:+--learning-rate "$LEARNING_RATE"} ${TEACHER:+--teacher "$TEACHER"} ${START_FROM:+--start-from "$START_FROM"}
}

train  # at least once: it refuses what OUT was not begun with
until grep -q "\"iteration\": $iterations," "$out/log.jsonl" 2>/dev/null; do
  train
done
"$python" -m training.export "$out/weights.pt" "$out/touchline_$size.onnx" --size "$size"
"$python" -m training.evaluate "$out/touchline_$size.onnx" --data "$linked" --sets "$sets" --threads 4 > "$out/accuracy.jsonl"
cat "$out/accuracy.jsonl"
