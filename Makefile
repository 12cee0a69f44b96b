PYTHON ?= python3
CORE ?= usual
ARGS ?=
FUZZ_MINUTES ?= 5
export ARGS
run = @$(PYTHON) tests/run.py --core $(CORE)
selected = --select "$$ARGS"

.PHONY: help demo test test-all units fuzz integration system events sanity lint docs galaxy weather reliability bench release repository clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## month ends on a local sandbox of the API, in under a minute (ARGS=-v for the full log)
	@$(PYTHON) tests/demo.py $(ARGS)

test: ## the checks of a change: units on the oldest and the newest ansible-core, the other steps on the newest
	$(run)

test-all: CORE = all
test-all: ## every step on every ansible-core where the result can differ
	$(run)

units: ## unit tests (CORE=2.21.5 selects one core, ARGS='-k retry_after' or ARGS=tests/unit/... selects tests)
	$(run) units $(if $(ARGS),$(selected),units-clock)

fuzz: ## fuzzing: random bytes as responses, for at most 25 minutes (FUZZ_MINUTES=5)
	@FUZZ_MINUTES=$(FUZZ_MINUTES) $(PYTHON) tests/run.py fuzz
	@cat .build/fuzz.json

system: ## tests with real ansible-playbook and ansible-runner processes (CORE and ARGS as for units)
	$(run) system $(if $(ARGS),$(selected),system-by-core system-clock)

integration: ## integration targets (CORE=all runs ansible-test too)
	$(run) integration ansible-test-integration

events: CORE = all
events: ## the event source with real ansible-rulebook processes, where Java 17 is at hand (ARGS as for units)
	$(run) events $(if $(ARGS),$(selected))

sanity: ## ansible-test sanity, without an ignore file
	$(run) sanity

lint: ## ansible-lint, changelog, documentation, build, install, verify
	$(run) lint

galaxy: ## the tarball for Galaxy: contents, reproducible build, the checks of the certification, a release in a clone
	$(run) galaxy

docs: ## build the documentation site, .build/docs/html/index.html
	$(run) docs

weather: ## write docs/weather.md again, from the outcome of every case
	@$(PYTHON) tests/weather.py
	@cat docs/weather.md

reliability: ## write docs/reliability.md again, from the results of test-all and fuzz
	@$(PYTHON) tests/reliability.py

bench: ## compare CPU, wall time, memory and requests with alternatives (ARGS="--rows look --runs 1 --scale 0.1")
	@PYTHONPATH=tests:playbooks/files $(PYTHON) benchmarks/bench.py $(ARGS)

release: ## prepare a release and print the commands that publish it (VERSION=1.2.3)
	@$(PYTHON) tests/release.py $(VERSION)

repository: ## move the repository to another address (URL=https://github.com/OWNER/NAME)
	@$(PYTHON) tests/galaxy/repository.py $(URL)

clean: ## remove everything that was built
	rm -rf .build
