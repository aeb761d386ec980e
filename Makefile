# One entry point for people and CI. Every target does its own set-up and rebuilds only what is stale.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# processes that share the tests
JOBS   ?= 2
PINS   ?= constraints.txt
PIP    := $(BIN)/python -m pip install -q --disable-pip-version-check
CODE   := src tests benchmarks examples calibration generation browser wheels
# The compiled core is rebuilt when its sources or the build description change. Python files are read in place, but the
# installation remembers which modules there are: it is made again when one comes, goes or becomes a folder.
MODULES := $(shell [ -d $(VENV) ] && find src -name '*.py' | sort > $(VENV)/.now && \
             { cmp -s $(VENV)/.now $(VENV)/.modules || cp $(VENV)/.now $(VENV)/.modules; })
NATIVE  := pyproject.toml CMakeLists.txt $(PINS) $(shell find cpp -type f 2>/dev/null) $(VENV)/.modules


.PHONY: serve test-browser browser wheels pictures readme-pictures
.PHONY: demo test test-fast check validate validate-fhir oldest mutations rivals bench lock clean
.DELETE_ON_ERROR:

# What builds the kernels stays in the environment, so that a second installation finds them compiled.
$(VENV)/.made: $(PINS)
	$(PYTHON) -m venv $(VENV)
	$(PIP) -c $(PINS) scikit-build-core nanobind cmake ninja
	@touch $@

$(VENV)/.modules: | $(VENV)/.made
	find src -name '*.py' | sort > $@

$(VENV)/.demo: $(VENV)/.made $(NATIVE)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP) -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/.check: $(VENV)/.made $(NATIVE)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP) -c constraints.txt --no-build-isolation -e ".[check]"
	@touch $@ $(VENV)/.demo

demo: $(VENV)/.demo  ## two real answers from two diaries, printed and as reports
	$(BIN)/python examples/demo.py

serve: $(VENV)/.demo  ## the app in a browser window, on a labelled example diary
	$(BIN)/nightdose serve --example

# Browsers come from the system's packages; Playwright's own downloads are not needed. Where Firefox is not to be had its
# tests say so; NIGHTDOSE_TEST_BROWSER=firefox runs all of them in it.
APT_GET := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
$(VENV)/.browser: $(VENV)/.check
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP) -c $(PINS) --no-build-isolation -e ".[check,browser]"
	command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { apt-get update -qq && $(APT_GET) chromium; } || \
	  { echo "Chromium is missing: install the package chromium."; exit 1; }
	command -v firefox-esr >/dev/null || command -v firefox >/dev/null || $(APT_GET) firefox-esr || \
	  echo "Firefox is missing: install the package firefox-esr to try the app in it too."
	@touch $@

test-browser: $(VENV)/.browser  ## the app in a real Chromium and Firefox: first run, an evening, kills, accessibility
	$(BIN)/python -m pytest -q -m "not slow" tests/browser

# Downloads and compiled pieces stay in a cache outside the tree (NIGHTDOSE_BROWSER_CACHE; else ~/.cache); docs/browser.md.
browser: $(VENV)/.demo  ## nightdose as a folder of static files that runs inside a browser, into build/browser
	@command -v emcc >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -qq && $(APT_GET) emscripten npm; }
	PATH="$(CURDIR)/$(BIN):$$PATH" nice -n 10 $(BIN)/python -m browser

wheels: $(VENV)/.demo  ## wheels for Linux x86-64 and aarch64 into dist/, each tried without a compiler
	@command -v aarch64-linux-gnu-g++ >/dev/null || [ "$$(id -u)" != 0 ] || \
	  { apt-get update -qq && $(APT_GET) g++-aarch64-linux-gnu qemu-user; }
	PATH="$(CURDIR)/$(BIN):$$PATH" nice -n 10 $(BIN)/python -m wheels

pictures: $(VENV)/.browser  ## every page and state of the app as a picture, to be looked at
	$(BIN)/python -m tests.browser.pictures pictures

readme-pictures: $(VENV)/.browser demo  ## the three pictures of the README, from the example and the demo of today
	$(BIN)/python -m tests.browser.pictures --readme

test: $(VENV)/.check  ## every test but the slow ones of `make validate`
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not slow"

test-fast: $(VENV)/.check  ## the tests of the folders that differ from main (tests/changed.py), seconds
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not slow and not long" $$($(BIN)/python -m tests.changed)

check: $(VENV)/.check  ## everything a change must pass: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n $(JOBS) -m "not slow"

# Validators by others, only for tests: FHIR's rules for the letter's bundles.
validate-fhir: $(VENV)/.check  ## the letter's FHIR bundles by three outside validators; needs Node
	$(PIP) fhirkit-rs==0.1.0
	npm ci --prefix tests/authorities/fhir --no-audit --no-fund
	$(BIN)/python -m pytest -q tests/letter/test_fhir.py tests/authorities/test_fhir_validators.py

validate: $(VENV)/.check oldest mutations validate-fhir  ## slow: what holds each number, oldest versions, calibration, attacks
	$(BIN)/python -m pytest -q -m slow
	$(BIN)/python -m pytest -q -n $(JOBS) -m "hypothesis and not slow" --hypothesis-profile=search
	$(BIN)/python -m benchmarks.validate
	$(BIN)/python -m benchmarks.threats

mutations: $(VENV)/.check  ## spoils every chosen number, one at a time; rewrites docs/held.md
	$(BIN)/python -m tests.mutations

oldest:  ## the tests with the oldest versions that pyproject.toml allows, in an environment of its own
	$(MAKE) VENV=.venv-oldest PINS=constraints-oldest.txt .venv-oldest/.oldest
	.venv-oldest/bin/python -m pytest -q -n $(JOBS) -m "not slow"

$(VENV)/.oldest: $(VENV)/.made $(NATIVE)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP) -c $(PINS) --no-build-isolation -C build-dir=build/oldest -e ".[test]"
	@touch $@

rivals:  ## other programs, each in an environment of its own outside the project (NIGHTDOSE_RIVALS); bench compares
	benchmarks/rivals/build.sh

bench: $(VENV)/.check  ## whole commands and simulated patients beside every rival that is there; rewrites docs/accuracy.md
	$(BIN)/python -m benchmarks.commands --page docs/accuracy.md
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.simulation
	$(BIN)/python -m benchmarks.patients table

lock:  ## the newest versions of everything into constraints.txt, from an environment made for it
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install -q --disable-pip-version-check scikit-build-core nanobind cmake ninja ".[check]"
	echo "# The versions that make check runs with; written anew by make lock." > constraints.txt
	.venv-lock/bin/python -m pip freeze --exclude nightdose >> constraints.txt
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) .venv-oldest build demo-output
