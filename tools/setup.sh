#!/usr/bin/env bash
# Installs what the build needs: the distribution's packages, and OpenVINO's wheel below build/deps.
# Does nothing when everything is there. Debian 12 or Ubuntu 24.04; asks for root only when a package is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  build-essential cmake ninja-build ccache pkg-config git ca-certificates python3 python3-pip
  libavcodec-dev libavformat-dev libavutil-dev libswscale-dev libswresample-dev
  libspdlog-dev libfmt-dev libcli11-dev nlohmann-json3-dev libeigen3-dev libyaml-cpp-dev
  libfreetype-dev fonts-dejavu-core libgtest-dev libgmock-dev libbenchmark-dev
)
# The sanitizers and libFuzzer that Clang links are a package of their own.
[[ "${1:-}" == check ]] && packages+=(clang libclang-rt-dev clang-format clang-tidy)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if (( ${#missing[@]} )); then
  echo "setup: installing ${missing[*]}" >&2
  sudo=(); (( EUID == 0 )) || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

# The same wheel whatever the machine's Python: only its headers and libraries are used.
version=2026.4.0
sha256=71ee4e65a914044a510af43da16f3279c8f9dae22cbc8eac63d4a785c4a9c03f
deps=build/deps
if [[ "$(cat $deps/openvino/.sha256 2>/dev/null)" != "$sha256" ]]; then
  echo "setup: fetching OpenVINO $version" >&2
  rm -rf $deps/wheel $deps/openvino && mkdir -p $deps/wheel
  python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.11 --implementation cp --abi cp311 \
    --platform manylinux_2_28_x86_64 -d $deps/wheel "openvino==$version"
  echo "$sha256  $(ls $deps/wheel/openvino-*.whl)" | sha256sum --check --quiet
  python3 -m zipfile -e $deps/wheel/openvino-*.whl $deps/wheel/unpacked
  mv $deps/wheel/unpacked/openvino $deps/openvino
  rm -rf $deps/wheel
  echo "$sha256" > $deps/openvino/.sha256
fi
