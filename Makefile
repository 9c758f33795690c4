# Two commands do it all: `make report` and `make test`.  Needs Python 3.11 or newer, git and make.
PYTHON ?= python3
BIN := .venv/bin
SITE := $(BIN)/python -m sphinx -q -c docs/website
DATABASE := build/sample.duckdb
PACKAGE := $(shell find analytics notebooks -type f -not -path '*/__pycache__/*')

.PHONY: setup report test test-quick test-long test-spark lint types docs linkcheck lock clean

# The environment, from versions pinned by hash.
setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "the venv module is missing: on Debian, install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Load the sample, build the facts, run the notebook, write the report, print its path.
report: setup
	@mkdir -p build reports
	@$(BIN)/revcycle load sample_data --database $(DATABASE)
	@$(BIN)/revcycle build --if-needed --database $(DATABASE)
	@$(BIN)/revcycle report --database $(DATABASE) --out reports/revenue-cycle.html

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not spark and not long"

# Without those that take more than a few seconds each.
test-quick: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not spark and not long"

# The series of kills and of broken files, whole: some minutes more.
test-long: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m long

# Spark beside DuckDB: half a gigabyte more to install, Java 17 and some minutes.
test-spark: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock
	$(BIN)/python -m pytest -n 2 --dist loadfile -m spark tests/spark

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/pyright

# The site: pages made of the code beside those written by hand, into build/docs; warnings are errors.
docs: setup
	@PYTHONPATH=docs $(BIN)/python -m pages build/docs-source
	@$(SITE) -b html -W --keep-going build/docs-source build/docs
	@echo build/docs/index.html

# The links that lead to other sites; it asks the network, so continuous integration leaves it out.
linkcheck: setup
	@PYTHONPATH=docs $(BIN)/python -m pages build/docs-source
	@$(SITE) -b linkcheck build/docs-source build/linkcheck

# Write requirements.lock anew from pyproject.toml.
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --extra notebook --extra fast --extra excel --extra pdf --extra docs --extra dev \
	  --constraint constraints.txt pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --extra spark \
	  --constraint requirements.lock pyproject.toml --output-file requirements-spark.lock

clean:
	rm -rf .venv build .pytest_cache .ruff_cache .hypothesis
