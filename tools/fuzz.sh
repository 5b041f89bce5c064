#!/usr/bin/env bash
# Builds and runs every fuzz target for a number of seconds, as many at a time as there are cores.
# Usage: tools/fuzz.sh [SECONDS [SEED]]; another seed is another search, 0 a new one each time.
set -euo pipefail
seconds=${1:-60}
seed=${2:-1}  # a change is judged by what it does, not by the luck of the search
cd "$(dirname "$0")/.."
cmake --preset fuzz > build/configure-fuzz.log || (cat build/configure-fuzz.log; exit 1)
cmake --build --preset fuzz --target touchline_fuzz
# Freed pictures kept for use-after-free checks would look like a leak.
export ASAN_OPTIONS=quarantine_size_mb=16
run_one() {
  local target=$1 seconds=$2 seed=$3 name
  name=$(basename "$target")
  mkdir -p "build/fuzz/corpus/$name" build/fuzz/crashes
  seeds=tests/fuzz_seeds/${name#touchline_}
  if ! "$target" "build/fuzz/corpus/$name" $([[ -d $seeds ]] && echo "$seeds") -seed="$seed" -max_total_time="$seconds" -timeout=60 \
      -rss_limit_mb=3000 -artifact_prefix="build/fuzz/crashes/$name-" -verbosity=0 -print_final_stats=1 > "build/fuzz/$name.log" 2>&1; then
    tail -40 "build/fuzz/$name.log"
    echo "fuzz: $name failed"
    return 1
  fi
  echo "fuzz: $name $(grep -h number_of_executed_units "build/fuzz/$name.log" | awk '{print $2}') runs, no finding"
}
export -f run_one
printf '%s\n' build/fuzz/touchline_*_fuzz | xargs -P "$(nproc)" -I{} bash -c "run_one {} $seconds $seed"
