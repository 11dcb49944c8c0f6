# `make` prints this help. Each target sets up what it needs, also on a fresh machine.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
export SAM_CLI_TELEMETRY := 0
# Tests start hundreds of processes, and each would else compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

PROVIDER ?= local
run: setup-run ## The bot and a browser playground: no account, no key (PROVIDER=openai: a stand-in model answers)
	@$(PY) -m playground --provider $(PROVIDER)

serve: setup-run ## Only our endpoint and the worker (settings: see the README)
	@$(PY) -m protege.server

register: setup-run ## Tell Discord which commands exist
	@$(PY) -m protege.registrar

test: check ## Everything: lint, types, contracts, fast and real-component tests

check: setup-test lint types contracts tests ## All that CI runs, in the same order

lint: setup-test ## Style
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: setup-test ## Static types
	$(PY) -m mypy

contracts: setup-test ## Who may import whom
	.venv/bin/lint-imports

# Two processes for each core and one more, as much of it is waiting, speech above all; and one core for
# each: numpy would else take all of them in every one. Files stay whole, as their tests share what is dear
# to make, and come in the order that tests/conftest.py says.
WORKERS := $(shell expr 2 \* $$(nproc 2>/dev/null || echo 2) + 1)
PYTEST := OPENBLAS_NUM_THREADS=1 $(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder
tests: setup-test ## All tests
	$(PYTEST)

fast: setup-test ## Tests without external components (some minutes on two cores)
	$(PYTEST) -m "not real"

real: setup-test ## Tests against moto, the Lambda runtime and a browser
	$(PYTEST) -m real

bench: setup-test ## Measure the ingress; prints the README's table
	$(PY) -m bench

bench-data: setup-test ## Measure reading and archiving data, with baselines
	$(PY) -m bench.data
	$(PY) -m bench.archive

bench-training: setup-test ## Measure learning: accuracy, time, memory, with baselines
	$(PY) -m bench.training

bench-voice: setup-test ## Measure the voice worker beside the library's own playback (under five minutes)
	$(PY) -m bench.voice

hour-voice: setup-test ## A whole hour of speech, as fast as it goes: memory, drift, leaks
	VOICE_HOUR_S=3600 $(PY) -m pytest -q --durations=2 tests/voice/test_hour.py

replay: setup-test ## Every event of events/ against the built functions
	$(PY) -m tools.replay

events: setup-test ## Sign the events of events/ anew
	$(PY) -m tools.events

docs: setup-test ## Write the README's generated tables
	$(PY) -m tools.docs

setup-run:
	@tools/setup run

setup-test:
	@tools/setup test

.PHONY: help run serve register test check lint types contracts tests fast real bench bench-data bench-training bench-voice hour-voice replay events docs setup-run setup-test
