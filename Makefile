# The doors of the house. Everything installs what it needs first; a second run does only what is new.
#   make demo [VIDEO=my.mp4]   build, analyze a made-up match (or your clip), say where the results are
#   make test                  build and run every test
#   make build | bench | accuracy | check | format | bundle
#   make training-test         tests of training/, in a PYTHON that has training/requirements.txt [python3]
#   make tidy | asan | tsan | fuzz
#                              the parts of check: clang-tidy, address and undefined-behaviour sanitizers, thread
#                              sanitizer, a minute of fuzzing for each reader of foreign bytes
SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: build demo test training-test bench accuracy check tidy asan tsan fuzz format bundle clean

JOBS ?= $(shell nproc)
PYTHON ?= python3
export CMAKE_BUILD_PARALLEL_LEVEL := $(JOBS)
export CTEST_PARALLEL_LEVEL := $(JOBS)
TOUCHLINE := build/release/touchline

build:
	@tools/setup.sh
	@cmake --preset release > build/configure.log || (cat build/configure.log; exit 1)
	@cmake --build --preset release

demo: build
	@tools/demo.sh $(VIDEO)

test: build
	@ctest --preset release

training-test:
	@$(PYTHON) -c 'import cv2, matplotlib, onnx, openvino, pytest, torch' 2>/dev/null || \
	  { echo "training-test: $(PYTHON) lacks a package: $(PYTHON) -m pip install -r training/requirements.txt, or name another Python by PYTHON=" >&2; exit 1; }
	@$(PYTHON) -m pytest -q training/tests

bench: build
	@tools/bench.sh

accuracy: build
	@tools/accuracy.sh

check:
	@tools/setup.sh check
	@tools/check.sh

tidy asan tsan fuzz:
	@tools/setup.sh check
	@tools/$@.sh

format:
	@git ls-files '*.h' '*.cc' | xargs clang-format -i

bundle: build
	@tools/bundle.sh

clean:
	rm -rf build/release build/dev build/tsan build/tidy build/fuzz
