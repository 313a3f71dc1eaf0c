# A fresh machine needs Python 3.11 or newer with its venv module, and make. Everything else is installed here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(wildcard syncd adapters rules benchmarks .ci)

# What tests/editor talks to; they are skipped where it is not installed.
YAML_LANGUAGE_SERVER := 1.25.0

RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
PIP_INSTALL := -m pip install --quiet --no-input --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check editor bench nightly format wheel lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(RUNTIME) ## simulated trackers and the service on top; DEMO=--once ends by itself
	$(BIN)/syncd demo $(DEMO)

test: $(DEV) ## every test, then the wheel tried in a clean environment
	$(BIN)/python -m pytest -n auto
	$(MAKE) --no-print-directory wheel

check: $(DEV) ## format, lint, types, layers, lengths
	$(BIN)/ruff check $(SOURCES) tests
	$(BIN)/ruff format --check $(SOURCES) tests
	$(BIN)/mypy $(filter-out .ci,$(SOURCES)) tests
	$(BIN)/mypy .ci
	$(BIN)/lint-imports --no-logo
	$(BIN)/python .ci/lengths.py
	$(BIN)/python .ci/traces.py

editor: $(DEV) build/editor/.installed ## what an editor offers and underlines, with the language server they all run; needs npm
	$(BIN)/python -m pytest -q tests/editor

build/editor/.installed: Makefile
	rm -rf build/editor
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix build/editor yaml-language-server@$(YAML_LANGUAGE_SERVER)
	touch $@

bench: $(DEV) ## the figures of docs/figures.md, measured on this machine
	$(BIN)/python -m benchmarks.requests
	$(BIN)/python -m benchmarks.evaluate
	$(BIN)/python -m benchmarks.cel
	$(BIN)/python -m benchmarks.trace
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.check
	$(BIN)/python -m benchmarks.preview
	$(BIN)/python -m benchmarks.backtest

nightly: $(DEV) ## random histories of the sync, others each time; SCHEDULES=2000 of them; MUTATIONS=10000 broken files
	SYNCD_MUTATIONS=$(or $(MUTATIONS),10000) $(BIN)/python -m pytest -q -n auto tests/bad_input
	SYNCD_SCHEDULES=$(or $(SCHEDULES),2000) $(BIN)/python -m pytest -q -o faulthandler_timeout=0 tests/sync

format: $(DEV) ## rewrite what ruff can rewrite
	$(BIN)/ruff check --fix $(SOURCES) tests
	$(BIN)/ruff format $(SOURCES) tests

# pip trusts its cache of installed versions: the wheel always has the same one, so it is reinstalled by force.
wheel: $(DEV) build/clean/.installed ## build the wheel and run `syncd check` from it in an empty folder
	rm -rf build/wheel build/empty
	mkdir -p build/empty
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir build/wheel .
	build/clean/bin/python $(PIP_INSTALL) --no-deps --force-reinstall build/wheel/syncd-*.whl
	cd build/empty && env -u SYNCD_CONFIG ../clean/bin/syncd check

build/clean/.installed: requirements/runtime.lock
	rm -rf build/clean
	$(PYTHON) -m venv build/clean
	build/clean/bin/python $(PIP_INSTALL) --require-hashes -r requirements/runtime.lock
	touch $@

# An environment that somebody made by hand is installed into, not replaced.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "syncd needs Python 3.11 or newer, $(PYTHON) is older: make PYTHON=/path/to/python3.13 ..." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): pyproject.toml requirements/runtime.lock requirements/build.lock | $(BIN)/python
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/runtime.lock -r requirements/build.lock
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(DEV): requirements/dev.lock $(RUNTIME)
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements/dev.lock
	touch $@

COMPILE := build/lock/bin/pip-compile --quiet --no-header --generate-hashes --allow-unsafe --strip-extras \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: build/lock/.installed ## resolve the locks anew, with the oldest Python we support; LOCK=--upgrade for newer versions
	$(COMPILE) $(LOCK) --output-file requirements/runtime.lock pyproject.toml
	$(COMPILE) $(LOCK) --constraint requirements/runtime.lock --only-build-deps --build-deps-for wheel \
	  --output-file requirements/build.lock pyproject.toml
	$(COMPILE) $(LOCK) --constraint requirements/runtime.lock --constraint requirements/build.lock --extra dev \
	  --output-file requirements/dev.lock pyproject.toml
	build/lock/bin/python .ci/traces.py

build/lock/.installed:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python $(PIP_INSTALL) pip-tools
	touch $@

clean: ## remove the environment and everything that was built or cached
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find $(SOURCES) tests -name __pycache__ -type d -prune -exec rm -rf {} +
