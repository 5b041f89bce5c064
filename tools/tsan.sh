#!/usr/bin/env bash
# What has threads of ours under the thread sanitizer: queues, and whole runs with a scripted network.
set -euo pipefail
cd "$(dirname "$0")/.."
# Older runtimes find no room in an address space as scattered as newer kernels make it.
fixed_addresses=(); setarch -R true 2> /dev/null && fixed_addresses=(setarch -R)
cmake --preset tsan > build/configure-tsan.log || (cat build/configure-tsan.log; exit 1)
"${fixed_addresses[@]}" cmake --build --preset tsan --target touchline_base_test touchline_pipeline_test
# FFmpeg and x264 were not built with the sanitizer: the locks and atomics inside them cannot be seen, so what they do with
# memory would all look like races.
export TSAN_OPTIONS=ignore_noninstrumented_modules=1
"${fixed_addresses[@]}" ctest --preset tsan -R '^(base|pipeline)\.'
