# Herald needs python3 (3.11 or newer, with venv) and make; everything else goes into .venv.
# `make PYTHON=python3.13 test` builds with another Python (after `make clean`).

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help chat test lint format bench soak soak-many fuzz lock audit notice pictures clean rebuild

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
STAMP := $(VENV)/.built
WORKERS = $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

# Python's bytecode is kept in any case: only what is imported is compiled, and that is to be done once.
UNKEPT := $(PYTHONDONTWRITEBYTECODE)
export PYTHONDONTWRITEBYTECODE :=

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

chat: $(RUNTIME) ## talk to Herald in the terminal; questions from a pipe are answered a line each
	@$(BIN)/herald chat

# One thread of linear algebra each: the workers use all cores already, and waiting threads would only spin.
# A worker more than there are cores, as many tests wait.
test: lint ## lint, the tests with branch coverage, and 20 seconds of soak-many
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal -p tests.covering
	@$(BIN)/python -m benchmarks.soak_many --seconds 20

lint: $(STAMP) ## ruff and the strict type check
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo 'badly formatted: run make format' >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary

format: $(STAMP) ## put the code into the house format
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

bench: $(STAMP) ## measure speed and memory
	@$(BIN)/python -m benchmarks

SECONDS ?= 60
soak: $(STAMP) ## put Herald under load on a loopback Discord and Slack (SECONDS=10 makes it short)
	@$(BIN)/python -m benchmarks.soak --seconds $(SECONDS)
	@$(BIN)/python -m benchmarks.soak_slack --seconds $(SECONDS)

soak-many: SECONDS = 90
soak-many: $(STAMP) ## put three processes over one PostgreSQL under load, and kill them
	@$(BIN)/python -m benchmarks.soak_many --seconds $(SECONDS)

fuzz: SECONDS = 300
fuzz: $(STAMP) ## throw odd input at everything that takes some, for 300 seconds each (needs none, but is better with, atheris)
	@$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

COMPILE := uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' --quiet
lock: ## pin the dependencies of pyproject.toml anew (needs uv; UPGRADE=1 takes the newest versions)
	@$(COMPILE) --group dev $(if $(UPGRADE),--upgrade) --output-file requirements.lock
	@$(COMPILE) --constraint requirements.lock --upgrade --output-file deploy/runtime.lock

audit: $(STAMP) ## look known weaknesses of what is installed up
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement deploy/runtime.lock --progress-spinner off

notice: $(STAMP) ## list the licenses of what is installed in NOTICE
	@$(BIN)/python -m tests.licenses

pictures: $(STAMP) ## take the pictures of the README anew (needs Chromium)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.pictures

clean: ## remove .venv and everything else that was built
	@rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find adapters benchmarks bot tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# .venv is built in two steps: Herald with all of its extras, for `make chat`, and what tests and linters need on top of it.
# The first stamp holds the checkout's path: a .venv that was moved or copied, or whose Python is gone, is built again.
ifneq ($(shell test "$$(cat $(RUNTIME) 2>/dev/null)" = "$(CURDIR)" && $(BIN)/python -c '' 2>/dev/null && echo sound),sound)
$(RUNTIME): rebuild
endif

# Wheels only: building a package would bring in a build system that no hash pins. Nor is everything compiled to bytecode, which
# would take longer than all else, but what a start imports; and what a platform does, where Python is told to keep none later.
PIP := -m pip --quiet --quiet --disable-pip-version-check --no-input
LOCKED := install --only-binary :all: --require-hashes --no-deps --no-compile --no-warn-conflicts --requirement
# By two at once, each with every other package: nearly all of the time goes into looking for each package by itself.
INSTALL = awk 'BEGIN {part = 1} /^[a-z]/ {part = 3 - part} {print >"$(VENV)/part" part ".lock"}' $(1) && \
	printf '%s\n' $(VENV)/part1.lock $(VENV)/part2.lock | xargs -n 1 -P 2 $(BIN)/python $(PIP) $(LOCKED)
START := import adapters.terminal.app, adapters.terminal.batch, bot.service, google.protobuf.message_factory, tokenizers; from bot.matching.runtime import onnxruntime; onnxruntime()
PLATFORMS := ; import adapters.discord.lifecycle, adapters.slack.lifecycle, adapters.watching, bot.office

# Standard input is left alone: it may hold questions for `make chat`. A stamp comes last: half a build is no build.
# The pip of the lock comes first, by the one that Python has at hand: an old one needs half a minute more for the rest.
$(RUNTIME): deploy/runtime.lock requirements.lock pyproject.toml
	@for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' </dev/null 2>/dev/null && break; \
		python=; \
	done; \
	if [ -z "$$python" ]; then echo 'Herald needs Python 3.11 or newer with venv (set PYTHON=/path/to/python3)' >&2; exit 1; fi; \
	echo 'Building $(VENV) (takes half a minute or so) ...' >&2; \
	set -e; exec </dev/null; \
	"$$python" -m venv --clear --without-pip $(VENV); \
	sed -n '/^pip==/,/[^\\]$$/p' requirements.lock >$(VENV)/pip.lock; \
	"$$python" $(PIP) --python $(BIN)/python $(LOCKED) $(VENV)/pip.lock 2>/dev/null || \
		{ $(BIN)/python -m ensurepip >/dev/null; $(BIN)/python $(PIP) $(LOCKED) $(VENV)/pip.lock; }; \
	$(call INSTALL,deploy/runtime.lock); \
	site=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'); \
	printf '%s\n' '$(CURDIR)' >"$$site/herald.pth"; \
	printf '#!/bin/sh\nexec "%s" -P -c "from adapters.main import main; main()" "$$@"\n' '$(CURDIR)/$(BIN)/python' >$(BIN)/herald; \
	chmod +x $(BIN)/herald; \
	$(BIN)/python -c '$(START)$(if $(UNKEPT),$(PLATFORMS))'; \
	printf '%s\n' '$(CURDIR)' >$(RUNTIME)

$(STAMP): $(RUNTIME)
	@echo 'Adding the tools to $(VENV) (takes half a minute or so) ...' >&2
	@$(call INSTALL,requirements.lock)
	@touch $(STAMP)
