#!/usr/bin/env bash
# HOTA of the tracker on the football sequences of the development data, perfect and noisy boxes, causal and with one
# second of look-ahead. Sequences are pooled by laying them one behind the other with frames and ids of their own.
# usage: tools/tracking_accuracy.sh [TOUCHLINE] [SHARED_DIR]
set -euo pipefail
cd "$(dirname "$0")/.."
touchline=${1:-build/release/touchline}
shared=${2:-${TOUCHLINE_SHARED_DIR:-../shared}}
out=build/accuracy/tracking
mkdir -p $out

append() {  # sequence number, rows in, pool out
  awk -F, -v OFS=, -v k="$1" '{ $1 += k * 100000; $2 += k * 1000000; print }' "$2" >> "$3"
}

rm -f $out/*
number=0
for truth in "$shared"/data/tracking/sportsmot_*_gt.txt; do
  number=$((number + 1))
  append $number "$truth" $out/truth.txt
  cp "$truth" $out/perfect.det
  python3 "$shared"/tools/noisy_detections.py "$truth" > $out/noisy.det
  for boxes in perfect noisy; do
    for lookahead in 0 1; do
      $touchline track $out/$boxes.det --out $out/one.txt --lookahead $lookahead > /dev/null
      append $number $out/one.txt $out/$boxes-$lookahead.txt
    done
  done
done
for boxes in perfect noisy; do
  for lookahead in 0 1; do
    printf '%-8s look-ahead %s s  ' $boxes $lookahead
    $touchline eval mot $out/$boxes-$lookahead.txt --truth $out/truth.txt
  done
done
