#!/usr/bin/env bash
# The pipeline's threads under the thread sanitizer.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset tsan > build/configure-tsan.log || (cat build/configure-tsan.log; exit 1)
cmake --build --preset tsan --target touchline_base_test touchline_pipeline_test
TSAN_OPTIONS="suppressions=$PWD/tools/tsan.supp" ctest --preset tsan -R '^(base|pipeline)\.'
