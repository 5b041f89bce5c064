#!/usr/bin/env python3
"""clang-tidy over every source of the product, a room at a time: nearly all of its time goes into headers, and the sources
of a room share them. Sources that use one name for two things, each invisible to the other, go into different units; a unit
that does not compile nevertheless is taken apart.  Usage: tools/tidy.py BUILD_FOLDER [SOURCE ...]"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = re.compile(r"/(tests|testing)/|_(test|bench|fuzz)\.cc$")
LOCAL = re.compile(r"^namespace \{$(.*?)^\}  // namespace$", re.S | re.M)
NAME = re.compile(r"^(?:class|struct|enum class|enum)\s+(\w+)|^\w.*?(\w+)\s*[({=\[]", re.M)


def local_names(source):
    """What a source names inside its unnamed namespaces."""
    parts = LOCAL.findall(source.read_text())
    return {name for part in parts for pair in NAME.findall(part) for name in pair if name}


def flags_by_source(build):
    """Everything between the compiler and the output, of all sources of the product."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if source.is_relative_to(build) or SKIPPED.search(f"/{source.relative_to(ROOT)}"):
            continue
        flags[source] = entry["command"].split(" -o ")[0]
    return flags


def room_of(source):
    parts = source.relative_to(ROOT).parts
    return parts[2] if parts[0] == "src" else parts[1]


def units_of(flags):
    """[(flags, sources)]: one room, the same flags, no local name twice."""
    units = []
    for source, command in sorted(flags.items()):
        kind, names = (room_of(source), command), local_names(source)
        unit = next((u for u in units if u[0] == kind and u[2].isdisjoint(names)), None)
        if unit is None:
            units.append((kind, [source], names))
        else:
            unit[1].append(source)
            unit[2].update(names)
    return [(command, sources) for (_, command), sources, _ in units]


def write_unit(folder, number, command, sources):
    path = folder / f"{number}_{sources[0].parent.name}.cc"
    path.write_text("".join(f'#include "{source}"\n' for source in sources))
    return path, {"directory": str(folder), "file": str(path), "command": f"{command} -c {path}"}


def look_at(folder, path):
    done = subprocess.run(["clang-tidy", "-p", str(folder), "--quiet", str(path)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    return done.stdout if done.stdout or done.returncode == 0 else done.stderr or "clang-tidy failed"


def look_at_all(folder, units):
    """(unit, what clang-tidy says of it), one after the other."""
    written = [write_unit(folder, number, *unit) for number, unit in enumerate(units)]
    (folder / "compile_commands.json").write_text(json.dumps([command for _, command in written]))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(units, pool.map(lambda entry: look_at(folder, entry[0]), written))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    wanted = {pathlib.Path(name).resolve() for name in sys.argv[2:]}
    flags = {source: command for source, command in flags_by_source(build).items() if not wanted or source in wanted}
    folder = build / "units"
    folder.mkdir(exist_ok=True)
    units = units_of(flags)
    clean, apart = True, []
    for (command, sources), text in look_at_all(folder, units):
        if "clang-diagnostic-error" in text and len(sources) > 1:
            apart += [(command, [source]) for source in sources]
        elif text.strip():
            clean = False
            print(text, flush=True)
    for _, text in look_at_all(folder, apart):
        if text.strip():
            clean = False
            print(text, flush=True)
    print(f"tidy: {len(flags)} sources in {len(units)} units, {len(apart)} of them once more alone"
          f"{', no finding' if clean else ''}")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
