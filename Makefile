# `make run` does the main job, `make test` proves it; each target sets up what is missing first.
# `make check` leaves out windows and other processes; `make test-postgres` needs a server, and starts one.
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.affectograph-ready
.PHONY: run check test test-postgres setup languages docs bundle deb appimage clean

run: $(STAMP)
	@$(PY) -m app demo

check: $(STAMP)
	@packaging/check.sh

test: $(STAMP)
	@packaging/test.sh

test-postgres: $(STAMP)
	@packaging/test_postgres.sh

setup: $(STAMP)

# The stamp is newer than what it was made from, so a second call costs nothing.
$(STAMP): pyproject.toml packaging/constraints.txt packaging/setup.sh packaging/system_libraries.sh
	@packaging/setup.sh
	@touch $@

# Keeps the files of translations in step with the texts of the window.
languages: $(STAMP)
	@$(PY) docs/languages.py

# The documentation site, in build/docs.
docs: $(STAMP)
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint packaging/constraints.txt --editable '.[docs]'
	@$(PY) -m sphinx -q -W --keep-going -b dirhtml docs build/docs
	@echo "The site is in build/docs: open build/docs/index.html"

# The program for machines without Python, in dist: FLAVOUR=plain (default), or train for one with PyTorch.
FLAVOUR ?= plain
BUNDLE := dist/affectograph$(if $(filter train,$(FLAVOUR)),-train)
bundle:
	@FLAVOUR=$(FLAVOUR) packaging/bundle.sh

deb: bundle
	@$(or $(PYTHON),python3) packaging/deb.py $(BUNDLE)

appimage:
	@FLAVOUR=$(FLAVOUR) packaging/appimage.sh

clean:
	rm -rf $(VENV) report build dist
