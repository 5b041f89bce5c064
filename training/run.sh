#!/bin/sh
# One size from nothing to a measured ONNX file: training/run.sh [SIZE] [DATA] [OUT]
# Killed at any moment, the same command goes on where it stopped.
set -eu
cd "$(dirname "$0")/.."
size=${1:-n}
data=${2:-../shared/data}
out=${3:-runs/$size}
iterations=${ITERATIONS:-21500}
piece_s=${PIECE_S:-570}

mkdir -p "$out"
until grep -q "\"iteration\": $iterations," "$out/log.jsonl" 2>/dev/null; do
  python3 -m training.train --size "$size" --data "$data" --out "$out" --iterations "$iterations" --piece-s "$piece_s" \
    --seed "${SEED:-0}"
done
python3 -m training.export "$out/weights.pt" "$out/touchline_$size.onnx"
python3 -m training.evaluate "$out/touchline_$size.onnx" --data "$data" | tee "$out/accuracy.jsonl"
