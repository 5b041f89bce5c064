#!/usr/bin/env bash
# clang-tidy over every source of the product, with Clang's own view of the flags.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset tidy > build/configure-tidy.log || (cat build/configure-tidy.log; exit 1)
git ls-files 'src/*.cc' 'apps/*.cc' | grep -vE '_(test|bench|fuzz)\.cc$' |
  xargs -P "$(nproc)" -n 6 clang-tidy -p build/tidy --quiet --warnings-as-errors='*'
