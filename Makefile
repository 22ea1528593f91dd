# The first command in a fresh clone: make demo
# Everything is installed into this clone (.venv); nothing but the package registry is contacted.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo bench test lint pin clean

DEMO ?= en
HEADLESS ?=
ARGS ?=
export PYTHON SUDO

part_en := english
part_nl := dutch

help:
	@echo 'make demo                 watch the coach at work on a bundled conversation (5 minutes; q ends)'
	@echo 'make demo DEMO=nl         the same in Dutch'
	@echo 'make demo HEADLESS=1      the same without a screen, at full speed'
	@echo 'make bench [ARGS=…]       measure how late text is; ARGS go to live-coach bench'
	@echo 'make test [ARGS=…]        run the tests; ARGS go to pytest'
	@echo 'make lint                 check format, style, types and the order of the rooms'
	@echo 'make pin                  write requirements/*.txt anew'
	@echo 'make clean                remove the environment and everything that was built'
	@echo
	@echo 'PYTHON=python3.12 chooses the Python. SUDO=1 lets missing system packages be installed.'

demo:
	@[ -n '$(part_$(DEMO))' ] || { echo 'live-coach: There is no demo “$(DEMO)”; DEMO is en or nl.' >&2; exit 2; }
	@[ -n '$(HEADLESS)' ] || [ -t 1 ] || { echo 'live-coach: This is no terminal; run: make demo HEADLESS=1' >&2; exit 2; }
	@.ci/environment $(part_$(DEMO))
	@.venv/bin/python -m live_coach demo --language $(DEMO) $(if $(HEADLESS),--headless)

bench:
	@.ci/environment english dutch bench
	@.venv/bin/python -m live_coach bench $(ARGS)

test:
	@.ci/environment english dutch voice test
	@.ci/packages test || echo '· Tests that need them are skipped, and say so.'
	@.venv/bin/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadgroup $(ARGS)

lint:
	@.ci/environment test develop
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

pin:
	@.ci/environment test develop
	@.ci/pin

clean:
	rm -rf .venv build dist .coverage* .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
