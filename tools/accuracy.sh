#!/usr/bin/env bash
# Accuracy against truth: a made-up match whose seed nothing was tuned on, and, where the development data lies beside
# the project, labelled pictures of matches that no weights were trained on.
set -euo pipefail
cd "$(dirname "$0")/.."
touchline=build/release/touchline
out=build/accuracy
shared=${TOUCHLINE_SHARED_DIR:-../shared}/data
mkdir -p $out

echo "== made-up match, 1280x720, 30 s"
$touchline synth --out $out/match.mp4 --truth $out/truth.jsonl --duration 30 --seed 4242
$touchline analyze $out/match.mp4 --out $out/run --no-video
$touchline eval clip $out/run --truth $out/truth.jsonl

echo; echo "== cuts of 20 shots"
$touchline synth --out $out/shots.mp4 --truth $out/shots.jsonl --size 640x360 --shots 20 --duration 32 --seed 4243
$touchline analyze $out/shots.mp4 --out $out/shots --size 320 --stride 10 --no-video
$touchline eval clip $out/shots --truth $out/shots.jsonl | grep -E '^(frames|cuts)'

[[ -d $shared ]] || { echo "no development data beside the project: the rest is skipped" >&2; exit 0; }
# AP of people is about scores down to .01, as training.evaluate has it; recall, precision, roles and false people are
# those of the shipped threshold.
weak_too="--person-score 0.01" shipped="--person-score 0.25"
validation='744b27|a9f16c|cd987c|e624c9|c01561'
for size in 1280 640; do
  for set in players pitch; do
    echo; echo "== $set, five unseen matches, network $size"
    ls $shared/$set/images/* | grep -E "/($validation)" > $out/$set.txt
    xargs -a $out/$set.txt $touchline detect --size $size $weak_too --out $out/$set-$size.json
    verb="detect $shipped"; [[ $set == pitch ]] && verb=pitch
    $touchline eval $verb $out/$set-$size.json --labels $shared/$set
  done
done

for model in touchline_n touchline_n_int8 touchline_s touchline_s_int8; do
  for size in 1280 640; do
    echo; echo "== other cameras, 88 frames of seven clips labelled by hand, $model, network $size"
    $touchline detect $shared/clips --frames-from tests/other_cameras --model $model --size $size $weak_too \
      --out $out/cameras.json
    $touchline eval detect $out/cameras.json --labels tests/other_cameras $shipped
    $touchline eval pitch $out/cameras.json --labels tests/other_cameras
  done
done

echo; echo "== the same clips analyzed whole, network 1280: roles by track, one ball a frame"
for clip in $shared/clips/*.mp4; do
  $touchline analyze $clip --out $out/clips/${clip##*/} --size 1280 --no-video
done
$touchline eval detect $out/clips --labels tests/other_cameras

echo; echo "== camera from disturbed labels: 2 px of noise, 30 % dropped, 5 % wild; error at all labelled points"
build/release/touchline_calibrate_accuracy $shared/pitch/labels --pairs $out/camera_pairs.csv
if python3 -c 'import cv2, numpy' 2>/dev/null; then tools/camera_peer.py $out/camera_pairs.csv; fi

echo; echo "== tracks of 15 football sequences, boxes given"
tools/tracking_accuracy.sh $touchline "${shared%/data}"
