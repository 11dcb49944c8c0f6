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

AT = $(if $(STACK),--stack $(STACK)) $(if $(REGION),--region $(REGION))
secrets: setup-run ## Store a stack's secrets in SSM (STACK=protege REGION=... ARGS="--list")
	@$(PY) -m tools.secrets $(AT) $(ARGS)

register: setup-run ## Tell Discord which commands exist (STACK=... ARGS="--dry-run --guild ID")
	@$(PY) -m protege.registrar $(AT) $(ARGS)

rehearse: setup-test ## The whole deployment against local stand-ins, step by step
	@$(PY) -m tools.rehearse

test: check ## Everything that CI runs

AT_ONCE := $(MAKE) --no-print-directory --output-sync=target --jobs=4
check: setup-test ## All that CI runs, in the same order
	@$(AT_ONCE) lint types contracts template
	@$(MAKE) --no-print-directory tests
	@$(AT_ONCE) fuzz container

lint: setup-test ## Style
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: setup-test ## Static types
	$(PY) -m mypy

contracts: setup-test ## Who may import whom
	.venv/bin/lint-imports

template: setup-test ## The stack, by SAM, cfn-lint (also serverless') and checkov (the first time installs it)
	$(PY) -m tools.stack

# Two processes for each core and one more, as much of it is waiting, speech above all; and one core for
# each: numpy would else take all of them in every one. Files stay whole, as their tests share what is dear
# to make, and come in the order that tests/conftest.py says. What fails in such a crowd is run again alone.
WORKERS := $(shell expr 2 \* $$(nproc 2>/dev/null || echo 2) + 1)
PYTEST := OPENBLAS_NUM_THREADS=1 $(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder
tests: setup-test ## All tests, attacks and chaos too; counts the attacks
	@rm -f .pytest_cache/v/cache/lastfailed
	$(PYTEST) tests tests/security || $(PY) -m tools.again $$?

fast: setup-test ## Tests without external components (some minutes on two cores)
	$(PYTEST) -m "not real" --ignore=tests/security

real: setup-test ## Tests against moto, the Lambda runtime and a browser
	$(PYTEST) -m real

security: setup-test ## Attacks of every kind; prints how many were tried and how many got through
	$(PYTEST) tests/security

fuzz: setup-test ## The parsers under a coverage-guided fuzzer, for some seconds each (Linux on x86_64)
	@$(PY) -m tools.fuzz

bench: setup-test ## Measure the ingress, also under load; prints the README's table (three minutes)
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

container: setup-test ## Build the voice worker's image, run it beside stand-ins, check it (needs docker or podman)
	$(PY) -m tools.container $(ARGS)

local-invoke: setup-test ## Events through `sam local invoke`, in containers (ARGS="Ingress/ask", "Worker", "all")
	@$(PY) -m tools.local_invoke $(ARGS)

events: setup-test ## Sign the events of events/ anew
	$(PY) -m tools.events
	$(PY) -m tools.local_invoke --table

logs: setup-run ## What the bot does, from CloudWatch (STACK= REGION= INTERACTION=id GUILD=id SINCE=1h ERRORS=1)
	@$(if $(REGION),AWS_DEFAULT_REGION=$(REGION)) $(PY) -m tools.logs $(if $(STACK),--stack $(STACK)) $(if $(INTERACTION),--interaction $(INTERACTION)) $(if $(GUILD),--guild $(GUILD)) $(if $(SINCE),--since $(SINCE)) $(if $(ERRORS),--errors) $(ARGS)

SEED ?= 0
chaos: setup-test ## Faults on every side; what became of each interaction (SEED=n: the same again)
	@$(PY) -m tools.chaos --seed $(SEED)

dead-letters: setup-run ## What could not be done, and why (ASK="back all", STACK=name: on AWS)
	@$(if $(REGION),AWS_DEFAULT_REGION=$(REGION)) $(PY) -m tools.dead_letters $(ASK) $(if $(STACK),--stack $(STACK))

# Of a stack on AWS with STACK=name, else of DATA_DIR on this machine; GUILD=id: of one server only.
WHERE = $(if $(STACK),--stack $(STACK)) --folder "$(or $(DATA_DIR),.data)" $(if $(GUILD),--guild $(GUILD))
export-all: setup-run ## Everything of every server into one archive (STACK= GUILD= TO=file.tar TABLE=)
	@$(if $(REGION),AWS_DEFAULT_REGION=$(REGION)) $(PY) -m tools.keeping.export $(WHERE) $(if $(TO),--to "$(TO)") $(if $(TABLE),--table $(TABLE))

restore-all: setup-run ## An archive into a new stack, or onto this machine (FROM=file.tar STACK= GUILD= FORCE=1)
	@$(if $(REGION),AWS_DEFAULT_REGION=$(REGION)) $(PY) -m tools.keeping.restore "$(FROM)" $(WHERE) $(if $(FORCE),--force)

delete-all: setup-run ## What would go if the bot left (STACK= GUILD=); DO=1 deletes it, once you typed the name
	@$(if $(REGION),AWS_DEFAULT_REGION=$(REGION)) $(PY) -m tools.keeping.erase $(WHERE) $(if $(DO),--do)

costs: setup-test ## What a month costs on AWS, by how much the bot is used (ARGS=--write: into docs/)
	@$(PY) -m tools.costs $(ARGS)

docs: setup-test ## Write the README's generated tables
	$(PY) -m tools.docs

setup-run:
	@tools/setup run

setup-test:
	@tools/setup test

.PHONY: template help run serve secrets register rehearse test check lint types contracts tests fast security fuzz real bench bench-data bench-training bench-voice hour-voice replay container local-invoke events logs chaos dead-letters export-all restore-all delete-all costs docs setup-run setup-test
