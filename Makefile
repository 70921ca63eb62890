# Two commands do all the set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup run test ui lint eval bench docs lock clean

setup: $(READY)  ## make .venv from the hash-pinned lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	touch $@

run: $(READY)  ## the nightly job on the bundled sample
	$(BIN)/chancery run --sources samples/sources.yml

test: $(READY)  ## all tests; those that need a browser are skipped, and said so, where there is none
	$(BIN)/python -m pytest -n 2 --dist loadfile

ui: $(READY)  ## Dagster's page
	$(BIN)/chancery ui

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: $(READY)  ## accuracy on the labelled samples, against its floors
	$(BIN)/chancery run --data data/eval --sources samples/sources.yml
	$(BIN)/python -m samples.scoring data/eval/published/latest.duckdb

bench: $(READY)  ## one table of ratios from one run
	$(BIN)/python -m tests.bench

docs: $(READY)  ## the generated pages of docs/
	$(BIN)/python -m warehouse.dictionary

lock:  ## write requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf data build *.egg-info .pytest_cache .mypy_cache .ruff_cache
