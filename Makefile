# Two commands do everything: `make demo` and `make test`. Each sets up what it needs first, once.
# Needed on the machine: Python 3.11 or newer with venv, Node 20 or newer with npm, make, git.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
# Ape finds vyper and anvil by PATH. Nothing of the caller's Python leaks in.
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/node_modules/.bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/.venv
export PYTHON
unexport PYTHONPATH PYTHONHOME
# Compiled once, not by each of the hundred processes of a test run.
unexport PYTHONDONTWRITEBYTECODE

ENVIRONMENT := .venv/.made
NODE := node_modules/.made
# The demo does without Node too.
NODE_IF_ANY := $(if $(shell command -v npm),$(NODE))
ARTIFACTS := src/seechain/_artifacts/.made
SOURCES := $(shell find contracts -name '*.vy')
CODE := src tests tools demo bench scale scripts campaign hatch_build.py
# Ape's plugin would start a chain of its own, and take snapshots of it around every test.
# Tests often wait for a chain: three at a time for two cores.
WORKERS := $(shell echo $$((($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2)))
PYTEST ?= pytest -n $(WORKERS) --dist worksteal -p no:ape_test --ignore tests/ape

##@ For everyone

.PHONY: help
help: ## List what can be made
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: $(ENVIRONMENT) $(NODE_IF_ANY) $(ARTIFACTS) ## Show the life of a SEE on a chain of your own, in about a minute
	@python -m demo

.PHONY: demo-mesh
demo-mesh: $(ENVIRONMENT) $(NODE_IF_ANY) $(ARTIFACTS) ## Show a SEE that is a member of a SEE, and a shared seat
	@python -m demo.mesh

.PHONY: test
test: setup lint size ## Run every check and every test
	@python tools/beside.py "$(MAKE) types" "$(MAKE) gas-check" "$(MAKE) ape-test" "$(MAKE) wheel-test" -- $(PYTEST)

.PHONY: setup
setup: $(ENVIRONMENT) $(NODE) $(ARTIFACTS) ## Install what is pinned, compile the contracts
	@:

##@ Parts of the above

.PHONY: lint
lint: setup ## Check style, the contracts' sources and the lock files
	@ruff format --check $(CODE)
	@ruff check --quiet $(CODE)
	@python tools/check_sources.py
	@python tools/check_locks.py

.PHONY: types
types: setup ## Check the types of the package, the benchmark and the demo, strictly
	@mypy -p seechain -p bench -p scale -p demo

.PHONY: size
size: setup ## Check the contracts' code sizes
	@python tools/check_size.py

.PHONY: gas
gas: setup ## Measure the gas table, compare and record it
	@python -m bench

.PHONY: gas-check
gas-check: setup ## Measure the gas table and compare it
	@python -m bench --check

.PHONY: gas-update
gas-update: setup ## Measure the gas table and record it, also where it rose
	@python -m bench --update

.PHONY: bench
bench: setup ## Measure every act beside the peers, which are fetched for it, in about two minutes
	@python -m bench.peers

.PHONY: scale
scale: setup ## Measure a SEE of a million members, and how its cost grows with them
	@python -m scale

.PHONY: bench-reading
bench-reading: setup ## Race the reading into columns against web3.py, and read a million events
	@python -m bench.reading

.PHONY: bench-startup
bench-startup: setup ## Measure how the command starts, and whose time a registration is
	@python -m bench.startup

.PHONY: wheel
wheel: setup ## Build the sdist, and the wheel from it, into dist/
	@rm -rf dist
	@uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist

.PHONY: wheel-test
wheel-test: wheel ## Test the wheel in environments of its own, with web3 7 and web3 8
	@python tools/check_wheel.py

.PHONY: ape-test
ape-test: setup ## Test the commands of Ape on anvil, and what a chain has a say in on Ape's own chain
	@APE_FOUNDRY_HOST=http://127.0.0.1:$$(python tools/free_port.py) ape test tests/ape --network ethereum:local:foundry
	@ape test tests/ape -m both_chains --network ethereum:local:test

.PHONY: ape-test-all
ape-test-all: setup ## Test all commands of Ape on Ape's own chain
	@ape test tests/ape --network ethereum:local:test

.PHONY: properties
properties: setup ## Test the books for longer: TIMES (20) as many examples, with new dice
	@PROPERTIES_TIMES=$(or $(TIMES),20) $(PYTEST) tests/properties

.PHONY: bench-growth
bench-growth: setup ## Measure how cost grows with payments and with versions
	@python -m bench.growth

.PHONY: campaign
campaign: setup ## Attack all of it for longer: PARTS (all), MINUTES (1) for each, SEED (1)
	@python -m campaign $(PARTS) --minutes $(or $(MINUTES),1) --seed $(or $(SEED),1)

# Its linter runs on Python 3.12 alone. Version managers leave names on the PATH that do not start.
.PHONY: lint-descriptors
lint-descriptors: setup ## Check the descriptors of hardware wallets by the linter of their registry
	@env=.build/erc7730 lock=requirements/erc7730.txt; \
	if ! cmp -s $$lock $$env/lock.txt; then \
	  for each in python3.12 "$$(pyenv root 2>/dev/null)"/versions/3.12*/bin/python; do \
	    found=$$("$$each" -c 'import sys; print(sys.executable)' 2>/dev/null) && break; done; \
	  uv venv --quiet --clear --python "$${found:-3.12}" $$env; \
	  uv pip sync --quiet --python $$env/bin/python --require-hashes $$lock; \
	  cp $$lock $$env/lock.txt; fi
	@python tools/make_descriptors.py --check
	@.build/erc7730/bin/python tools/lint_descriptors.py

##@ While working

.PHONY: format
format: setup ## Format and mend what can be mended
	@ruff format $(CODE)
	@ruff check --fix $(CODE)

.PHONY: lock
lock: $(ENVIRONMENT) ## Choose the pinned versions anew
	@cd requirements && \
	lock() { uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --python-version 3.11 "$$@"; }; \
	lock uv.in --output-file uv.txt; \
	lock build.in --output-file build.txt; \
	lock ../pyproject.toml --extra dev --output-file dev.txt; \
	lock ../pyproject.toml web3-7.in --output-file web3-7.txt; \
	lock ../pyproject.toml web3-8.in --output-file web3-8.txt
	@python tools/check_locks.py

.PHONY: clean
clean: ## Remove all that was made
	rm -rf .venv node_modules build dist .build src/seechain/_artifacts
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed is made anew when its lock changes.
$(ENVIRONMENT): requirements/uv.txt requirements/dev.txt requirements/build.txt
	@if ! $(BIN)/python -c '' 2>/dev/null; then \
	  python=$$(tools/find-python); echo "Setting up, with $$python"; "$$python" -m venv --clear .venv; fi
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@uv pip sync --quiet --require-hashes --build-constraints requirements/build.txt requirements/dev.txt
	@touch $@

$(NODE): package-lock.json package.json .npmrc
	@command -v npm >/dev/null || { echo 'npm was not found: install Node 20 or newer, with npm. anvil, the local chain, comes from it.' >&2; exit 1; }
	@npm ci --ignore-scripts --silent
	@touch $@

# The build hook compiles the contracts when the package is installed.
# Ape's own cache does not notice a module that changed.
$(ARTIFACTS): $(ENVIRONMENT) $(SOURCES) hatch_build.py pyproject.toml
	@rm -rf .build
	@uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
