# Short names for the project's scripts; each of them also runs without make.
.DEFAULT_GOAL := help
.PHONY: help demo test lint format lock lower-bounds clean

PYTHON_BIN := .venv/bin/python
UV := .venv/bin/uv
# One version of a package for every Python; no line of a lock depends on the machine that made it.
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --no-header --no-emit-index-url $(if $(UPGRADE),--upgrade)
LOWEST := build/lower-bounds

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

demo: ## install and make the report of the bundled example (under 3 minutes)
	bash workflows/demo.sh

test: ## every check, as continuous integration runs them
	bash tests/run.sh

lint: ## ruff and mypy only
	bash containers/venv.sh test
	$(PYTHON_BIN) -m ruff check .
	$(PYTHON_BIN) -m ruff format --check .
	$(PYTHON_BIN) -m mypy

format: ## let ruff mend what it can
	bash containers/venv.sh test
	$(PYTHON_BIN) -m ruff check --fix .
	$(PYTHON_BIN) -m ruff format .

lock: $(UV) ## remake containers/*.lock from pyproject.toml (UPGRADE=1: newest versions)
	$(COMPILE) containers/build.in -o containers/build.lock
	$(COMPILE) containers/multiqc.in -o containers/multiqc.lock
	$(COMPILE) pyproject.toml --extra competing-risks --extra synthesis -o containers/runtime.lock
	$(COMPILE) pyproject.toml --extra competing-risks --extra synthesis --extra test -c containers/runtime.lock -o containers/test.lock

lower-bounds: $(UV) ## pytest with the lowest versions that pyproject.toml allows, on Python 3.11
	$(UV) venv --quiet --clear --seed --python 3.11 $(LOWEST)
	$(UV) pip install --python $(LOWEST)/bin/python --resolution lowest-direct \
	  -r containers/build.in --editable '.[test,competing-risks,synthesis]'
	$(LOWEST)/bin/python -m pytest -n auto --dist loadgroup

clean: ## remove what was built, installed and cached
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV):
	bash containers/venv.sh test
	$(PYTHON_BIN) -m pip install --quiet 'uv>=0.8'
