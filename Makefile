# Two commands do all: `make demo` shows the whole way, `make test` passes everything that CI asks.
# Both set up a virtual environment in .venv first, and again when pyproject.toml changed. Bytecode
# is made then too: where PYTHONDONTWRITEBYTECODE is set, the statusline would be compiled each time.

BIN := .venv/bin

.PHONY: demo test check format bench bench-statistics docs
.DEFAULT_GOAL := demo

demo: .venv/ready
	@$(BIN)/portfolio demo

test: .venv/ready-dev
	@$(MAKE) --no-print-directory check

# The same as `test`, in an environment that is ready.
check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal -q

format: .venv/ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What is measured, as ratios; the results are written to docs/benchmarks.md.
bench: .venv/ready-dev
	$(BIN)/python -m benchmarks

# What the statistics hold in made-up worlds; each writes its own page in docs/. Hours on two cores.
bench-statistics: .venv/ready-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	@for page in coverage bootstrap paid narrower comparing forecast drift elimination regret steps; do \
	  $(BIN)/python -m benchmarks.$$page || exit 1; \
	done

# Print again what README and docs show of the program.
docs: .venv/ready
	$(BIN)/python docs/printing.py

.venv/ready: pyproject.toml | .venv/bin/python
	@echo "Setting up .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@$(BIN)/python -m compileall -q parsers portfolio
	@touch $@

.venv/ready-dev: pyproject.toml | .venv/bin/python
	@echo "Setting up .venv for development (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@$(BIN)/python -m compileall -q parsers portfolio
	@touch .venv/ready $@

# The first Python on the path that is new enough.
.venv/bin/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    $$python -m venv .venv && exit 0; \
	    echo "$$python cannot make a virtual environment (on Debian: apt install python3-venv)" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "portfolio needs Python 3.11 or newer; none is on the path" >&2; exit 1
