#!/usr/bin/env bash
# clang-tidy over every source of the product, with Clang's own view of the flags.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset tidy > build/configure-tidy.log || (cat build/configure-tidy.log; exit 1)
python3 tools/tidy.py build/tidy
