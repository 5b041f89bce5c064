#!/usr/bin/env python3
"""What CMake cannot see: includes that leave a room's declared dependencies, vendor headers in public headers,
kernel launches outside device/.  Usage: tools/check_layers.py [src/touchline]"""
import pathlib
import re
import sys

PREFIX = "touchline"
VENDOR = re.compile(r"#\s*include\s*[<\"](cuda|cudnn|NvInfer|libav|libsw|openvino|onnxruntime|nlohmann|CLI/|yaml-cpp|Eigen|ft2build)")
VENDOR_ALLOWED = {"media/ffmpeg/handles.h"}
MODULE = re.compile(r"touchline_add_module\(\s*(\w+)\s+LAYER\s+\d+\s+DEPENDS([\s\w;]*?)(?:HEADERS|SOURCES|\))")


def declared_dependencies(root):
    allowed = {}
    for lists in sorted(root.glob("*/CMakeLists.txt")):
        match = MODULE.search(lists.read_text())
        if match is None:
            raise SystemExit(f"{lists}: touchline_add_module without LAYER ... DEPENDS ...")
        allowed[match[1]] = set(match[2].split()) | {match[1]}
    return allowed


def errors_of(path, relative, allowed):
    module = relative.parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(rf"\s*#\s*include\s*[<\"]{PREFIX}/(\w+)/", line)
        if include and include[1] not in allowed.get(module, set()):
            yield f"{path}:{number}: {module} includes {include[1]}, which it does not list"
        if "<<<" in line and module != "device":
            yield f"{path}:{number}: launch kernels through device::launch"
        if path.suffix == ".h" and str(relative) not in VENDOR_ALLOWED and VENDOR.search(line):
            yield f"{path}:{number}: a .h may not include a vendor header"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src/touchline")
    allowed = declared_dependencies(root)
    errors = [e for f in sorted(root.rglob("*")) if f.suffix in {".h", ".cc", ".cu", ".cuh"}
              for e in errors_of(f, f.relative_to(root), allowed)]
    print("\n".join(errors) if errors else f"layers: {len(allowed)} rooms, no forbidden include")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
