#!/usr/bin/env bash
# Every benchmark of this machine: the operations one by one, then whole runs against the network alone.
# Writes bench/records/NAME.json with machine and commit.  Usage: tools/bench.sh [NAME]
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-$(date +%Y-%m-%d)-$(uname -n | tr -cd 'a-z0-9-')}
out=build/bench
rm -rf $out && mkdir -p $out bench/records
for bench in build/release/touchline_*_bench; do
  "$bench" --benchmark_out="$out/$(basename "$bench").json" --benchmark_out_format=json --benchmark_min_time=0.2
done
build/release/touchline synth --out $out/match.mp4 --duration 12 --seed 3
for size in 640 1280; do
  echo; echo "== whole run, 1280x720, network $size, annotated video written"
  build/release/touchline bench $out/match.mp4 --size $size --frames 150 --rounds 5 --out $out/run --json $out/rates_$size.json
done
python3 tools/bench_record.py $out "bench/records/$name.json"
