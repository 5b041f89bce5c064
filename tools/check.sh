#!/usr/bin/env bash
# What CI runs beside the tests: format, layers, tidy, sanitizers, fuzzing. Stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { echo; echo "== $* ($(date +%T))"; }

step "format"
if clang-format --version | grep -q 'version 14\.'; then
  git ls-files '*.h' '*.cc' | xargs clang-format --dry-run --Werror
else
  echo "skipped: the style is defined by clang-format 14, this is $(clang-format --version)"
fi

step "layers"
python3 tools/check_layers.py

step "address and undefined-behaviour sanitizers"
cmake --preset dev > build/configure-dev.log || (cat build/configure-dev.log; exit 1)
cmake --build --preset dev
# OpenVINO and libav keep process-wide memory until exit; leaks of our own are found by the suppressed remainder.
export LSAN_OPTIONS="suppressions=$PWD/tools/lsan.supp:print_suppressions=0"
export ASAN_OPTIONS="detect_stack_use_after_return=0"
ctest --preset dev

step "thread sanitizer on the pipeline"
cmake --preset tsan > build/configure-tsan.log || (cat build/configure-tsan.log; exit 1)
cmake --build --preset tsan --target touchline_base_test touchline_pipeline_test
TSAN_OPTIONS="suppressions=$PWD/tools/tsan.supp" ctest --preset tsan -R '^(base|pipeline)\.'

step "clang-tidy"
cmake --preset tidy > build/configure-tidy.log || (cat build/configure-tidy.log; exit 1)
git ls-files 'src/*.cc' 'apps/*.cc' | grep -vE '_(test|bench|fuzz)\.cc$' |
  xargs -P "$(nproc)" -n 6 clang-tidy -p build/tidy --quiet --warnings-as-errors='*' 2> build/tidy.stderr ||
  { cat build/tidy.stderr; exit 1; }

step "fuzzing, a minute for each reader of foreign bytes"
cmake --preset fuzz > build/configure-fuzz.log || (cat build/configure-fuzz.log; exit 1)
cmake --build --preset fuzz --target touchline_fuzz
tools/fuzz.sh 60
echo; echo "check: all green"
