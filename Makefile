# The whole set-up of a fresh machine: Python 3.11+ and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A uv of its own, so that nothing on the machine has to be installed or changed.
UV_HOME := .data/uv
UV := $(shell command -v uv 2>/dev/null || echo $(UV_HOME)/bin/uv)
STAMP := $(VENV)/.complete

export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: setup demo test lint bench clean format

setup: $(STAMP)

$(STAMP): pyproject.toml uv.lock
	@test -x "$(UV)" || ( $(PYTHON) -m venv $(UV_HOME) && $(UV_HOME)/bin/python -m pip install --quiet uv )
	$(UV) sync --frozen --quiet --python $(PYTHON)
	@touch $@

demo: setup
	$(BIN)/wenjiuye demo

test: setup
	$(BIN)/pytest

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(UV) sync --frozen --quiet --python $(PYTHON) --group bench
	$(BIN)/python -m benchmarks --write docs/performance.md --scale docs/scale.md

clean:
	rm -rf $(VENV) .data demo-output
