# Everything a person needs, by one word. GNU make and Python 3.11 or newer; nothing else.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
export PORT HOST DEMO

.DEFAULT_GOAL := help

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

start: $(VENV)/runtime ## Start the site: web server and worker; Ctrl-C stops both
	@exec $(RUN) manage.py start

test: $(VENV)/tools ## Run every test that this machine can run
	@CI=$(CI) $(RUN) -m tests.run $(TESTS)

lint: $(VENV)/tools ## Check style, types, import contracts and migrations
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports
	@$(RUN) manage.py makemigrations --check --dry-run

bench: $(VENV)/tools ## Measure the hot paths, beside the reference WordPress where it runs
	@$(RUN) -m tests.bench.run $(BENCH)

lock: $(VENV)/tools ## Write the locks anew (needs uv)
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt

$(VENV)/runtime: requirements.txt
	@PYTHON="$(PYTHON)" sh .ci/environment requirements.txt
	@touch $@

$(VENV)/tools: requirements-dev.txt
	@PYTHON="$(PYTHON)" sh .ci/environment requirements-dev.txt
	@touch $@ $(VENV)/runtime

.PHONY: help start test lint bench lock
