#!/usr/bin/env bash
# Accuracy against truth: a made-up match whose seed nothing was tuned on, and, where the development data lies beside
# the project, labelled pictures of matches that no weights were trained on, clips of other cameras, labelled points and tracks.
# MODELS="touchline_n ..." and SIZES="1280 ..." judge fewer networks, sizes or both; PYTHON has training/requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
touchline=build/release/touchline
out=build/accuracy
shared=${TOUCHLINE_SHARED_DIR:-../shared}/data
python=${PYTHON:-python3}
sizes=${SIZES:-1280 960 640}
mkdir -p $out

# Bytes are right only where the CPU adds them without saturating.
shipped_models() {
  echo touchline_n touchline_s
  if grep -qm1 avx512_vnni /proc/cpuinfo; then
    echo touchline_n_int8 touchline_s_int8
  else
    echo "touchline_n_int8 and touchline_s_int8 are left out: this CPU has no AVX-512 VNNI; training.in_float judges them here" >&2
  fi
}

# FROM TO PATTERN: held-out pictures of a set and their labels, as links.
hold_out() {
  mkdir -p $out/$2/images $out/$2/labels
  for file in "$shared/$1"/images/*; do
    [[ ${file##*/} =~ ^($3) ]] || continue
    label=${file##*/}
    ln -sfn "$(realpath "$file")" $out/$2/images/
    ln -sfn "$(realpath "$shared/$1/labels/${label%.*}.txt")" $out/$2/labels/
  done
}

# GROUP: its held-out matches, as a pattern.
matches_of() { python3 -c 'import json, sys; print("|".join(json.load(open("training/sets.json"))["validation"][sys.argv[1]]))' $1; }

# Which precision the network computes in, as it is opened here.
precision() { $touchline model check $1 --size $2 | sed -n '2s/ threads.*/ threads/p'; }

[[ -x $touchline ]] || { echo "there is no $touchline yet: make build" >&2; exit 1; }
for model in ${MODELS:-}; do $touchline model info $model > /dev/null || exit 1; done

echo "== made-up match, 1280x720, 30 s"
$touchline synth --out $out/match.mp4 --truth $out/truth.jsonl --duration 30 --seed 4242
$touchline analyze $out/match.mp4 --out $out/run --no-video
$touchline eval clip $out/run --truth $out/truth.jsonl

echo; echo "== cuts of 20 shots"
$touchline synth --out $out/shots.mp4 --truth $out/shots.jsonl --size 640x360 --shots 20 --duration 32 --seed 4243
$touchline analyze $out/shots.mp4 --out $out/shots --size 320 --stride 10 --no-video
$touchline eval clip $out/shots --truth $out/shots.jsonl | grep -E '^(frames|cuts)'

[[ -d $shared ]] || { echo "no development data beside the project: the rest is skipped" >&2; exit 0; }
models=${MODELS:-$(shipped_models)}
# AP of people is about scores down to .01, as training.evaluate has it; recall, precision, roles and false people are
# those of the shipped threshold.
weak_too="--person-score 0.01" shipped="--person-score 0.25"
home=$(matches_of home)
broadcast=$(matches_of broadcast)
rm -rf $out/{people,points,balls,broadcasts}
hold_out players people "$home"
hold_out pitch points "$home"
hold_out ball balls "$home"
for set in objectify ferfilho futbolplayers; do
  hold_out extra/$set broadcasts "$broadcast"
done

for model in $models; do
  for size in $sizes; do
    echo; echo "== held-out matches, labels as their sets have them, $model, network $size"
    precision $model $size
    for set in people broadcasts balls points; do
      $touchline detect $out/$set/images --model $model --size $size $weak_too --out $out/$set.json
      case $set in
        points) $touchline eval pitch $out/$set.json --labels $out/$set ;;
        balls) $touchline eval detect $out/$set.json --labels $out/$set | grep -E '^(class|ball)' ;;
        *) $touchline eval detect $shipped $out/$set.json --labels $out/$set ;;
      esac
    done
  done
done

for model in $models; do
  for size in $sizes; do
    echo; echo "== other cameras, 88 frames of seven clips labelled by hand, $model, network $size"
    $touchline detect $shared/clips --frames-from tests/other_cameras --model $model --size $size $weak_too \
      --out $out/cameras.json
    $touchline eval detect $out/cameras.json --labels tests/other_cameras $shipped
    $touchline eval pitch $out/cameras.json --labels tests/other_cameras
  done
done

for model in $models; do
  echo; echo "== the same clips analyzed whole, $model, network 1280: roles by track, one ball a frame"
  for clip in $shared/clips/*.mp4; do
    $touchline analyze $clip --out $out/clips/$model/${clip##*/} --model $model --size 1280 --no-video
  done
  $touchline eval detect $out/clips/$model --labels tests/other_cameras
done

if $python -c 'import cv2, onnx, openvino, torch' 2>/dev/null; then
  for model in $models; do
    echo; echo "== held-out matches, labels as corrected in training/labels, $model: the figures of the cards"
    for size in $sizes; do
      height=$(((size * 9 / 16 + 31) / 32 * 32))
      $python -m training.evaluate models/$model.onnx --data $shared --size ${height}x$size --threads $(nproc)
    done
  done
else
  echo "held-out matches by corrected labels are left out: $python lacks what training/requirements.txt lists" >&2
fi

echo; echo "== camera from disturbed labels: 2 px of noise, 30 % dropped, 5 % wild; error at all labelled points"
build/release/touchline_calibrate_accuracy $shared/pitch/labels --pairs $out/camera_pairs.csv
if $python -c 'import cv2, numpy' 2>/dev/null; then $python tools/camera_peer.py $out/camera_pairs.csv; fi

echo; echo "== tracks of 15 football sequences, boxes given"
tools/tracking_accuracy.sh $touchline "${shared%/data}"
