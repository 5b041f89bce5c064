#!/usr/bin/env bash
# What CI runs beside the tests: format, layers, sanitizers. Stops at the first step that fails.
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
# TBB opens its helper library in a way that AddressSanitizer refuses, unless told.
export TBB_ENABLE_SANITIZERS=1
# Real clips are slow here.
ctest --preset dev -E RealClip

echo; echo "check: all green"
