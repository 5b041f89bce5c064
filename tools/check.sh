#!/usr/bin/env bash
# What CI runs beside the tests; ends with the time of every step. Stops at the first step that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

cpu_s() { awk -v hz="$(getconf CLK_TCK)" '{print int(($16 + $17) / hz)}' "/proc/$$/stat"; }  # of all that has ended
table=""
step() {
  local name=$1 wall=$SECONDS cpu
  cpu=$(cpu_s)
  shift
  echo; echo "== $name ($(date +%T))"
  "$@"
  table+=$(printf '%-52s %5d s %5d s of CPU' "$name" $((SECONDS - wall)) $(($(cpu_s) - cpu)))$'\n'
}

format() {
  if clang-format --version | grep -q 'version 14\.'; then
    git ls-files '*.h' '*.cc' | xargs clang-format --dry-run --Werror
  else
    echo "skipped: the style is defined by clang-format 14, this is $(clang-format --version)"
  fi
}

step "format" format
step "layers" python3 tools/check_layers.py
step "clang-tidy" tools/tidy.sh
step "address and undefined-behaviour sanitizers, all tests" tools/asan.sh
step "thread sanitizer, base and pipeline" tools/tsan.sh
step "fuzzing, a minute for each target" tools/fuzz.sh

echo; echo "$table"
echo "check: all green"
