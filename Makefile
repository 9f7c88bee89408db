# What can be asked of this project from its root. `make help` lists it; every target can be run again at any time.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# rustup's own place, for shells that have not read its profile yet.
export PATH := $(PATH):$(HOME)/.cargo/bin
export CARGO_TERM_COLOR ?= auto

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
# More options of `absah serve` for `make demo`.
SERVE ?=
# How often `make soak` kills a writing server, how many verifications it then watches the memory over, and how long `make fuzz` feeds each target.
SOAK_KILLS ?= 300
SOAK_VERIFICATIONS ?= 100000
# More options of `make bench-peers`, as PEERS="--pairs pairs.csv --images pictures".
PEERS ?=
# More options of `make bench-tesseract`, as TESSERACT="--count 200 --seed 7".
TESSERACT ?=
# More options of `make bench-registry`, as REGISTRY="--rows 200000 --large 1000000".
REGISTRY ?=
FUZZ_SECONDS ?= 60

.PHONY: help demo build runtime clients test lint bench bench-batches bench-peers bench-tesseract bench-registry soak fuzz clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

demo: build ## build, then serve the demo on 127.0.0.1:8080; more options in SERVE, as SERVE="--listen 127.0.0.1:0"
	@echo "demo: absah serve --demo $(SERVE); keys and people stand in absah-data/demo.json; end with Ctrl-C"
	@exec $(TARGET_DIR)/release/absah serve --demo $(SERVE)

build: runtime ## the optimised binary, target/release/absah
	@scripts/need cargo cc
	@echo "build: cargo build --release"
	@cargo build --release --locked --package absah --bin absah

runtime: ## fetch the ONNX Runtime library into .runtime/ (once)
	@scripts/need python3
	@scripts/fetch-runtime

clients: ## install the pinned official clients that the tests drive (once)
	@scripts/need node npm
	@scripts/install-clients

test: runtime clients ## unit, property, integration and end-to-end tests, real clients included
	@scripts/need cargo cc curl postgres
	@echo "test: cargo test --workspace"
	@cargo test --workspace --locked

lint: ## formatting, clippy, licences and bans of dependencies, shell scripts
	@scripts/need cargo cc
	@scripts/lint

bench: build ## benchmarks: a decision by stages (absah bench), then comparisons and records, printed as tables
	@echo "bench: absah bench"
	@$(TARGET_DIR)/release/absah bench
	@echo "bench: cargo bench --workspace"
	@cargo bench --workspace --locked

bench-peers: build ## compare with OpenCV's own pipeline and dlib, side by side; more options in PEERS
	@scripts/need python3 npm
	@scripts/bench-peers $(PEERS)

bench-tesseract: build ## compare the reading of cards with tesseract, side by side; more options in TESSERACT
	@scripts/need python3
	@scripts/bench-tesseract $(TESSERACT)

bench-registry: build ## load and find people: against sqlite3's own import, and a small registry against a large one; more options in REGISTRY
	@scripts/need python3
	@scripts/bench-registry $(REGISTRY)

bench-batches: ## what feeding pictures to the models in batches would save
	@scripts/need python3
	@scripts/bench-batches

soak: build ## kill a writing server SOAK_KILLS times; watch its memory over SOAK_VERIFICATIONS verifications
	@echo "soak: $(SOAK_KILLS) kills"
	@ABSAH_TEST_KILLS=$(SOAK_KILLS) cargo test --release --locked --package absah --test e2e -- --nocapture kill
	@echo "soak: $(SOAK_VERIFICATIONS) verifications"
	@ABSAH_TEST_VERIFICATIONS=$(SOAK_VERIFICATIONS) \
	  cargo test --release --locked --package absah --test e2e -- --nocapture soak

fuzz: ## feed every fuzz target FUZZ_SECONDS seconds of hostile input (needs a nightly toolchain)
	@scripts/need cargo cc
	@scripts/fuzz $(FUZZ_SECONDS)

clean: ## remove what was built and fetched; absah-data/ stays
	@cargo clean
	@rm -rf .runtime .tools tests/clients/node/node_modules
