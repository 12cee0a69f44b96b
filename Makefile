PYTHON ?= python3
CORE ?= usual
ARGS ?=
FUZZ_MINUTES ?= 5
export ARGS
run = @$(PYTHON) tests/run.py --core $(CORE)
selected = --select "$$ARGS"

.PHONY: help demo test test-all units fuzz integration system sanity lint docs galaxy weather reliability bench release clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## month ends on a sandbox of the API, in under a minute (ARGS=-v for the full log)
	@$(PYTHON) tests/demo.py $(ARGS)

test: ## what a change can break, in 10 minutes: units on the oldest and the newest ansible-core, the other steps on the newest
	$(run)

test-all: CORE = all
test-all: ## every step on every ansible-core that it can differ on, in an hour
	$(run)

units: ## unit tests (CORE=2.21.5 for one core, ARGS='-k retry_after' or ARGS=tests/unit/... for some of them)
	$(run) units $(if $(ARGS),$(selected),units-clock)

fuzz: ## any bytes as answers, chosen at random, at most for 25 minutes (FUZZ_MINUTES=5)
	@FUZZ_MINUTES=$(FUZZ_MINUTES) $(PYTHON) tests/run.py fuzz
	@cat .build/fuzz.json

system: ## tests with real ansible-playbook and ansible-runner processes (CORE and ARGS as for units)
	$(run) system $(if $(ARGS),$(selected),system-by-core system-clock)

integration: ## integration targets (CORE=all runs ansible-test too)
	$(run) integration ansible-test-integration

sanity: ## ansible-test sanity, without an ignore file
	$(run) sanity

lint: ## ansible-lint, changelog, documentation, build, install, verify
	$(run) lint

galaxy: ## what Galaxy gets: contents, the same bytes twice, its importer, a release in a clone
	$(run) galaxy

docs: ## the documentation site, .build/docs/html/index.html
	$(run) docs

weather: ## docs/weather.md, written anew from what comes of every case
	@$(PYTHON) tests/weather.py
	@cat docs/weather.md

reliability: ## docs/reliability.md, written anew from what test-all and fuzz have left
	@$(PYTHON) tests/reliability.py

bench: ## beside its rivals: CPU, wall time, memory, requests, in 15 minutes (ARGS="--rows look --runs 1 --scale 0.1")
	@PYTHONPATH=tests:playbooks/files $(PYTHON) benchmarks/bench.py $(ARGS)

release: ## prepare a release, and say how to publish it (VERSION=1.2.3)
	@$(PYTHON) tests/release.py $(VERSION)

clean: ## remove everything that was built
	rm -rf .build
