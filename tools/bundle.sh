#!/usr/bin/env bash
# Gathers the program, its models and the libraries a bare machine does not have into build/touchline-bundle.
# Runs on another x86-64 Linux with the same or a newer glibc: ./touchline-bundle/touchline
set -euo pipefail
bundle=build/touchline-bundle
rm -rf $bundle && mkdir -p $bundle/bin $bundle/lib
cp build/release/touchline $bundle/bin/
cp -r models $bundle/models
cp LICENSE NOTICE $bundle/
openvino=build/deps/openvino/libs
cp -a $openvino/libopenvino.so* $openvino/libopenvino_intel_cpu_plugin.so $openvino/libopenvino_onnx_frontend.so* \
  $openvino/libopenvino_ir_frontend.so* $openvino/libtbb.so* $openvino/libtbbmalloc.so* $openvino/libhwloc.so* $bundle/lib/
# The C library and its loader stay the machine's own; everything else travels.
ldd build/release/touchline | awk '$3 ~ /^\// {print $3}' | grep -vE '/(libc|libm|libpthread|libdl|librt|ld-linux[^/]*)\.so' |
  while read -r library; do [[ -e $bundle/lib/$(basename "$library") ]] || cp -L "$library" $bundle/lib/; done
cat > $bundle/touchline <<'RUN'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/bin/touchline" "$@"
RUN
chmod +x $bundle/touchline
du -sh $bundle | sed 's/^/bundle: /'
