# make run      install everything into .venv and start the gateway
# make test     install what the tests need, then lint, types and all tests
# make install  only fill .venv; make extras adds PostgreSQL, Slack and charts
# make bench    every benchmark of tests/bench
# make fuzz     ten minutes of fuzzing a reader, each time another way; FUZZ_SECONDS=3600 for longer
# make screenshot  draw the README's pictures anew
# make lock     pin what requirements/*.in ask for, with hashes; UPGRADE=1 takes the newest versions

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
CODE := gateway intake storage templates tui tests

# Where the environment forbids it (container images like to), each of thousands of short processes would compile anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run install extras test check lint types servers bench fuzz screenshot lock clean
.DELETE_ON_ERROR:

run: install
	@$(BIN)/otklik serve

install: .venv/project.stamp

extras: install .venv/extras.stamp

test: check
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: install .venv/extras.stamp .venv/dev.stamp servers lint types

lint: install .venv/dev.stamp
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: install .venv/extras.stamp .venv/dev.stamp
	$(BIN)/mypy

servers:
	@bash .ci/servers

bench: install .venv/extras.stamp .venv/dev.stamp
	@for name in $(patsubst tests/bench/%.py,%,$(wildcard tests/bench/[a-z]*.py)); do \
	  echo "== $$name"; $(BIN)/python -m tests.bench.$$name || exit 1; done

FUZZ_SECONDS ?= 600
fuzz: install .venv/extras.stamp .venv/dev.stamp
	@for name in headers mime html quotes reports; do mkdir -p build/fuzz/$$name; \
	  echo "== $$name"; $(BIN)/python -m tests.fuzz.run $$name $(FUZZ_SECONDS) build/fuzz/$$name || exit 1; done

screenshot: install .venv/dev.stamp
	$(BIN)/python tests/tui/picture.py

.venv/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'otklik needs Python 3.11 or newer; name one: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo 'This Python has no venv; on Debian: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Filling .venv; the first time this takes a minute.' >&2
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/base.stamp: requirements/build.txt requirements/base.txt | .venv/venv.stamp
	@$(PIP) --no-deps --require-hashes -r requirements/build.txt -r requirements/base.txt
	@touch $@

.venv/extras.stamp: requirements/extras.txt .venv/base.stamp
	@$(PIP) --no-deps --require-hashes -r requirements/extras.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/extras.stamp
	@$(PIP) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

# Compatible mode is a plain path entry: the usual import hook costs every start some milliseconds.
.venv/project.stamp: pyproject.toml .venv/base.stamp
	@$(PIP) --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

# The order matters: each list holds to the versions of those before it.
LOCK := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) --custom-compile-command 'make lock'

lock:
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip --disable-pip-version-check install --quiet uv
	@for list in base extras dev build; do $(LOCK) requirements/$$list.in -o requirements/$$list.txt || exit 1; done

clean:
	rm -rf build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
