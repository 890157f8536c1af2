# One door for everything: `make help` lists it. Needs python3 >= 3.11 with venv, and make.
PYTHON ?= python3
VENV := .stet/venv/bin
BOOTSTRAP := $(PYTHON) -I config/bootstrap.py
# Words for pytest, as in: make test ARGS="tests/config -x"
ARGS ?=
PIN := uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make pins"
export PORT DEMO_PORT

.PHONY: help run reset verify manage test test-long check bench pins

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: ## install, set up and start everything with demonstration data; Ctrl-C stops it
	@$(BOOTSTRAP)
	@$(VENV)/python -m config.run

reset: ## forget the demonstration's data; the installed packages stay
	@$(BOOTSTRAP)
	@$(VENV)/python -m config.reset

verify: ## verify the running demonstration's ledger
	@$(VENV)/python -m config.manage verify_ledger

manage: ## any command of manage.py on the running demonstration: make manage ARGS="..."
	@$(VENV)/python -m config.manage $(ARGS)

# Half of the time to collect the tests is their compilation: it is kept from run to run.
test test-long: export PYTHONDONTWRITEBYTECODE :=

test: ## all behaviour, with services of its own; works beside a running `make run`
	@$(BOOTSTRAP) --dev
	@$(VENV)/python -m pytest -n 2 $(ARGS)

test-long: ## faults, races and fuzzing at full size
	@$(BOOTSTRAP) --dev
	@$(VENV)/python -m pytest -n 2 -m long --timeout 3600 $(ARGS)

check: export DEBUG = 1
check: ## format, lint, types, import contracts, migrations
	@$(BOOTSTRAP) --dev
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy .
	$(VENV)/lint-imports
	$(VENV)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

bench: ## what the README's numbers come from
	@$(BOOTSTRAP) --dev
	@$(VENV)/python -m benchmarks $(ARGS)

pins: ## pin every package with its hashes, from the short lists
	$(PIN) requirements.in -o requirements.txt
	$(PIN) requirements-local.in -o requirements-local.txt
	$(PIN) requirements-dev.in -o requirements-dev.txt
