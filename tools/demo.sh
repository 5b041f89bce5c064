#!/usr/bin/env bash
# Analyzes a clip of the user's, or a made-up match that is rendered first.  Usage: tools/demo.sh [VIDEO]
set -euo pipefail
touchline=build/release/touchline
out=demo
if [[ $# -gt 0 ]]; then
  exec "$touchline" analyze "$1" --out "$out"
fi
mkdir -p "$out"
if [[ ! -s $out/match.mp4 || ! -s $out/truth.jsonl ]]; then
  echo "Rendering a made-up match (12 s, 1280x720) ..." >&2
  "$touchline" synth --out "$out/match.mp4" --truth "$out/truth.jsonl" --duration 12
fi
"$touchline" analyze "$out/match.mp4" --out "$out"
echo >&2
"$touchline" eval clip "$out" --truth "$out/truth.jsonl"
