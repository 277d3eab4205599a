# make demo    everything on this machine, with a county at work to look at
# make test    every test
# make prove   what takes long: kills under load, PostgreSQL 15, backup and restore, the server set up as deploy/ says
# make check   style, types, house rules
# make bench   speed beside its limit, at 10,000 and a million matters
# make format  put the sources into their format
# make clean   remove what was built (never the data in .fengqiao)

PYTHON ?= python3
# Test processes. More than eight gain little and use up the test server's connections.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 8 ] && n=8; [ $$n -lt 2 ] && n=2; echo $$n)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
DIST := src/fengqiao/web/static/fengqiao/dist
NPM := $(shell command -v npm 2>/dev/null)
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
# Checks look at the sources and must not depend on what an installation here has been set up to.
CHECK := env -u FENGQIAO_DATABASE_URL -u FENGQIAO_APP_DATABASE_URL FENGQIAO_HOME="$(CURDIR)/.fengqiao/check"

# A virtual environment holds absolute paths: one that was moved with its folder is made anew.
ifneq ($(wildcard .venv/.place),)
ifneq ($(shell cat .venv/.place),$(CURDIR))
$(shell rm -rf .venv)
endif
endif

.PHONY: help demo test prove check bench format clean assets

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: .venv/.base assets
	@$(if $(wildcard $(DIST)),,$(if $(NPM),,echo "The pages are built with Node 20 or newer and npm: install them." >&2; exit 1))
	@exec $(BIN)/fengqiao demo

test: .venv/.dev assets
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Two processes more than cores: the proofs wait often, for a server that comes back or a lease that runs out, and
# with one more the cores still had nothing to do for a quarter of the time.
PROVE ?= prove
prove: .venv/.dev assets
	@$(BIN)/python -m pytest -m '$(PROVE)' -n $$(($(WORKERS) + 2)) --dist loadfile --no-loadscope-reorder \
	  tests/prove tests/config tests/journeys

check: .venv/.dev
	$(BIN)/ruff check src tests scripts bench
	$(BIN)/ruff format --check src tests scripts bench
	$(CHECK) $(BIN)/mypy
	$(CHECK) $(BIN)/lint-imports
	$(BIN)/djlint src --lint --quiet
	$(CHECK) $(BIN)/fengqiao makemigrations --check --dry-run
	$(CHECK) $(BIN)/fengqiao steps --check
	$(if $(wildcard scripts/translations.py),$(CHECK) $(BIN)/python scripts/translations.py check)

# A million matters take some minutes and about 15 GB the first time; SIZES="10000 100000" is quicker.
SIZES ?= 10000 1000000
bench: .venv/.dev assets
	@$(BIN)/python -m bench --sizes $(SIZES)

format: .venv/.dev
	$(BIN)/ruff check --fix src tests scripts bench
	$(BIN)/ruff format src tests scripts bench

clean:
	rm -rf .venv .make build frontend/node_modules "$(DIST)" src/fengqiao/staticfiles src/*.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests scripts -name __pycache__ -prune -exec rm -rf {} +

# --- Python -------------------------------------------------------------------------------------------------

# Debian's Python comes without venv's installer; where pip is there, it installs into the environment instead.
.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it by PYTHON=…" >&2; exit 1; }
	@if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(PYTHON) -m venv .venv; \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then $(PYTHON) -m venv --without-pip .venv; \
	else echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; fi
	@touch $@

# What is locked, and nothing else; only ready-made wheels, so that no compiler is needed.
define install
@echo "Installing $(1) …"
@if [ -x $(BIN)/pip ]; then $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
    --only-binary :all: -r $(1); \
  else $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes \
    --only-binary :all: -r $(1); fi
@touch $@
endef

# The package is put on the path as it lies here: there is nothing to build, and so no build tool to lock.
.venv/.path: .venv/.made
	@$(BIN)/python -c 'import pathlib, sysconfig; \
	  pathlib.Path(sysconfig.get_path("purelib"), "fengqiao.pth").write_text(str(pathlib.Path("src").resolve()) + "\n")'
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -m fengqiao "$$@"\n' "$(CURDIR)" > $(BIN)/fengqiao
	@chmod +x $(BIN)/fengqiao
	@echo "$(CURDIR)" > .venv/.place
	@touch $@

.venv/.base: requirements/base.txt .venv/.path
	$(call install,requirements/base.txt)

.venv/.dev: requirements/dev.txt .venv/.base
	$(call install,requirements/dev.txt)

# --- the pages' scripts and styles -----------------------------------------------------------------------------

# Without Node the tests run all the same, on pages without their scripts.
assets: $(if $(NPM),.make/assets)

.make/assets: frontend/node_modules/.made $(FRONTEND)
	@echo "Building the pages' scripts and styles …"
	@cd frontend && npm run --silent build
	@mkdir -p .make && touch $@

frontend/node_modules/.made: frontend/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' \
	  || { echo "Node 20 or newer is needed, this is $$(node --version)." >&2; exit 1; }
	@echo "Installing frontend/package-lock.json …"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@
