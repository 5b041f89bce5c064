#!/usr/bin/env bash
# Every test under the address and undefined-behaviour sanitizers.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset dev > build/configure-dev.log || (cat build/configure-dev.log; exit 1)
cmake --build --preset dev
# OpenVINO and libav keep process-wide memory until exit; leaks of our own are found by the suppressed remainder.
export LSAN_OPTIONS="suppressions=$PWD/tools/lsan.supp:print_suppressions=0"
# TBB opens its helper library in a way that AddressSanitizer refuses, unless told.
export TBB_ENABLE_SANITIZERS=1
ctest --preset dev -E RealClip  # real clips are slow here
