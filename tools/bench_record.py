#!/usr/bin/env python3
"""Gathers one run of every benchmark into a record: machine, commit, time per operation, rates of whole runs.
Usage: tools/bench_record.py FOLDER RECORD.json"""
import json
import pathlib
import subprocess
import sys


def operations(folder):
    rows = {}
    for file in sorted(folder.glob("touchline_*_bench.json")):
        room = file.stem.removeprefix("touchline_").removesuffix("_bench")
        for row in json.loads(file.read_text())["benchmarks"]:
            counters = {k: v for k, v in row.items() if isinstance(v, float) and k not in {"real_time", "cpu_time"}}
            rows[f"{room}/{row['name']}"] = {"time": row["real_time"], "cpu": row["cpu_time"], "unit": row["time_unit"], **counters}
    return rows


def main():
    folder, record = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    rates = {f.stem: json.loads(f.read_text()) for f in sorted(folder.glob("rates_*.json"))}
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    machine = next((r["machine"] for r in rates.values()), "unknown")
    record.write_text(json.dumps({"schema": 1, "machine": machine, "commit": commit.stdout.strip(),
                                  "rates": rates, "operations": operations(folder)}, indent=1) + "\n")
    print(f"{record}: {len(rates)} rates, {len(operations(folder))} operations")


if __name__ == "__main__":
    main()
