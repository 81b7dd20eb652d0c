# Needs make and Python 3.11 or later with venv and pip. Everything else is installed into this checkout.

PYTHON := .venv/bin/python
HAS_PYTHON := command -v python3 >/dev/null || { echo "Install Python 3.11 or later with venv and pip." >&2; exit 1; }
INSTALL := $(HAS_PYTHON); python3 config/embedded/install.py
# Checks look at the code alone: no database is asked, so none needs to be up.
NO_DATABASE := DATABASE_URL=postgres://%2Fnowhere/none DATABASE_POOL=off
CORES := -n 3 --dist worksteal
BROWSER_TESTS := $(PYTHON) -m pytest $(CORES) -m browser
CROWDS := tests/backlog/test_together.py tests/sprints/test_many_at_once.py tests/teams/test_sign_in.py

.DEFAULT_GOAL := help
export PORT ?= 8000
# Images often switch this on; here every process of the product would compile all of it again, for two seconds each.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run setup reset test faults soak containers bench screenshots check

help:
	@echo "make run     the product with demo data on http://localhost:8000/; PORT=9000 make run moves it"
	@echo "make setup   the first account, programme and team, without demo data"
	@echo "make reset   forget the data of this checkout"
	@echo "make test    the whole suite, browser included, on servers of its own"
	@echo "make faults  the faults again with 300 letters each: killed workers, refusing mail servers, restarted databases; minutes"
	@echo "make soak    these, ten thousand edits and moves at once, ten years of mornings, every migration, all hostile input, every journey in four ways; half an hour"
	@echo "make containers   builds the image and lives through docker-compose.yml with it; needs docker and what it downloads"
	@echo "make screenshots   the pictures in docs/, of the demo that make run has started"
	@echo "make bench   what pages cost at 1,000 to 100,000 opportunities, on servers of its own; minutes"
	@echo "make check   format, lint, import direction, missing migrations"

run:
	@$(INSTALL)
	@exec $(PYTHON) -m config.embedded.run

setup:
	@$(INSTALL)
	@echo "Bringing the database up to date"
	@DEMO=off $(PYTHON) -m config.embedded.manage prepare --words /dev/null --verbosity 0
	@DEMO=off $(PYTHON) -m config.embedded.manage setup
	@echo "Start the product with make run."

reset:
	@$(INSTALL)
	@$(PYTHON) -m config.embedded.reset

test:
	@$(INSTALL) --all-groups
	@$(PYTHON) -m tests.machine
	@$(PYTHON) -m config.assets
	@$(PYTHON) -m pytest $(CORES) -m "not browser and not containers"
	@$(BROWSER_TESTS) || { test $$? -eq 1 && echo "Once more, the failed ones named above: a browser beside other work is sometimes late." && $(BROWSER_TESTS) --last-failed; }

faults:
	@$(INSTALL) --all-groups
	@SOAK=1 $(PYTHON) -m pytest -s tests/faults

soak: faults
	@$(PYTHON) -m tests.machine
	@$(PYTHON) -m config.assets
	@SOAK=1 $(PYTHON) -m pytest -s $(CROWDS) tests/sprints/test_ten_years.py tests/config/test_migrations.py tests/config/test_older_migrations.py tests/bench
	@SOAK=1 $(PYTHON) -m pytest $(CORES) -m "not browser" tests/doors
	@SOAK=1 $(BROWSER_TESTS)

containers:
	@$(INSTALL) --all-groups
	@$(PYTHON) -m pytest -m containers

screenshots:
	@$(INSTALL) --all-groups
	@$(PYTHON) -m tests.machine
	@$(PYTHON) -m tests.screenshots

bench:
	@$(INSTALL) --all-groups
	@$(PYTHON) -m tests.bench

check:
	@$(INSTALL) --all-groups
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m ruff check .
	@.venv/bin/lint-imports
	@$(NO_DATABASE) $(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(NO_DATABASE) $(PYTHON) manage.py check --fail-level WARNING
