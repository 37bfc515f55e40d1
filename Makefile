# Everything a newcomer types. The first target sets up .venv by itself; nothing else is needed but Python and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
FILES := $(VENV)/files
SECONDS ?= 60
ARGS ?=
PAGES ?= 100000
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

# Debian's packages for the real MediaWiki of the integration tests
WIKI_PACKAGES := mediawiki php-cli php-sqlite3 php-mbstring php-xml php-intl lua5.1 python3-pygments
# what makes ZIM files, and the browser for the preview
ZIM_PACKAGES := zim-tools
# a real DokuWiki; php-cgi keeps Debian from installing a web server for it
DOKUWIKI_PACKAGES := dokuwiki php-cgi
BROWSER_PACKAGES := chromium fonts-noto-core
INTEGRATION_PACKAGES := $(WIKI_PACKAGES) $(ZIM_PACKAGES) $(DOKUWIKI_PACKAGES) $(BROWSER_PACKAGES)

.DEFAULT_GOAL := help

.PHONY: help run test golden schema integration integration-deps lint bench bulk scale soak fuzz quality clean FORCE

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: $(READY)  ## crawl the example encyclopedia of config.yaml into corpus/
	$(BIN)/sectionary run -c config.yaml

test: $(READY)  ## the fast tests: pure code and loopback servers
	$(BIN)/python -m pytest -n auto --dist worksteal tests --ignore=tests/integration

golden: $(READY)  ## write anew what the site files' pages must give; review the difference
	$(BIN)/python tests/cleaners/golden.py

schema: $(READY)  ## write docs/schema.md and the JSON Schemas anew from the record types
	$(BIN)/python -m sectionary.output.schemadocs

integration: $(READY)  ## the same program against a real MediaWiki and in a browser (integration-deps first)
	$(PIP) install -e '.[browser,doors,ray,s3]' -C editable_mode=strict
	$(BIN)/python -m pytest tests/integration

integration-deps:  ## install that MediaWiki and Chromium (Debian, as root)
	@dpkg -s $(INTEGRATION_PACKAGES) >/dev/null 2>&1 || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
		apt-get -qq install -y --no-install-recommends $(INTEGRATION_PACKAGES) >/dev/null; }

lint: $(READY)  ## style, types, direction of imports
	$(BIN)/ruff check
	$(BIN)/mypy --strict -p sectionary
	$(BIN)/lint-imports

bench: $(READY)  ## speed, as ratios to peers in the same run: make bench ARGS=--short
	$(PIP) install -e '.[bench]' -C editable_mode=strict
	PYTHONPATH=benchmarks $(BIN)/python -m speed $(ARGS)

scale: $(READY)  ## how it holds up: 10 M pages of 10,000 domains, and files of pages: make scale ARGS='--clean 10000'
	PYTHONPATH=benchmarks $(BIN)/python -m scale $(ARGS)

# A pip from before 2024 stops at two of these extractors that name the same extra of lxml differently.
quality: $(READY)  ## what extractors make of the same pages, into docs/quality.md
	$(PIP) install 'pip>=24'
	$(PIP) install -e '.[quality]' -C editable_mode=strict
	PYTHONPATH=benchmarks $(BIN)/python -m quality --markdown docs/quality.md

soak: $(READY)  ## crawl many failing pages with ten kills: make soak PAGES=10000
	$(BIN)/python tests/soak/soak.py --pages $(PAGES)

fuzz: $(READY)  ## look for pages that break what holds for all: make fuzz SECONDS=600
	$(PIP) install -e '.[fuzz]' -C editable_mode=strict
	$(BIN)/python tests/fuzz/guided.py --seconds $(SECONDS)

clean:  ## remove what make has built; corpora and archives stay
	rm -rf $(VENV) .cache build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A strict editable installation is a tree of links, so that type checkers and editors can follow it;
# a new module or data file is seen after installing again, which is what the list of files is for.
$(READY): pyproject.toml $(FILES)
	$(PIP) install -e '.[dev]' -C editable_mode=strict
	@touch $@

$(FILES): FORCE | $(BIN)/python
	@find *.py commands scraper cleaners output examples -type f -not -path '*/__pycache__/*' | LC_ALL=C sort > $@.now
	@cmp -s $@.now $@ && rm $@.now || mv $@.now $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
		f"sectionary needs Python 3.11 or newer, this is {sys.version.split()[0]}: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
