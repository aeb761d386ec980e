# One entry point for people and CI. Every target does its own set-up and rebuilds only what is stale.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# the compiled core is rebuilt when its sources or the build description change; Python files are read in place
NATIVE := pyproject.toml CMakeLists.txt $(shell find cpp -type f 2>/dev/null)

.PHONY: demo test check validate bench clean
.DELETE_ON_ERROR:

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo: $(VENV)/.made $(NATIVE)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/.made $(NATIVE)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[test]"
	@touch $@ $(VENV)/.demo

$(VENV)/.check: $(VENV)/.test
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[check]"
	@touch $@ $(VENV)/.test $(VENV)/.demo

demo: $(VENV)/.demo  ## two real answers from two diaries, printed and as reports
	$(BIN)/python examples/demo.py

test: $(VENV)/.test
	$(BIN)/python -m pytest -q -m "not slow"

check: $(VENV)/.check  ## everything a change must pass: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check src tests benchmarks examples calibration generation
	$(BIN)/ruff check src tests benchmarks examples calibration generation
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -m "not slow"

validate: $(VENV)/.test  ## slow: calibration, false alarms, long comparisons; rewrites docs/calibration.md
	$(BIN)/python -m pytest -q -m slow
	$(BIN)/python -m benchmarks.validate

bench: $(VENV)/.test  ## every tool that is installed on the same simulated patients; rewrites docs/accuracy.md
	$(BIN)/python -m benchmarks.patients table
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.simulation

clean:
	rm -rf $(VENV) build demo-output
