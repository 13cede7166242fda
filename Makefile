# Every target sets up what it needs: a virtual environment in .venv, and for the tests, as root, an
# engine from Debian's packages. Nothing else on the machine is touched.

PYTHON_CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# What pyproject.toml's build-system needs, so that it is locked as well.
BUILD_TOOLS := hatchling editables
# Most tests wait more than they work, for screens, engines and terminals: more of them than there are cores.
WORKERS := $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 4 ] && n=4; echo $$((n + 2)))
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)

.DEFAULT_GOAL := help
.PHONY: help run test test-all check format bench screenshots constraints clean engine

help:
	@echo 'make run          open orlop on the engine of this machine, or on the demo when there is none'
	@echo '                  (flags: make run ARGS="--demo --theme orlop-light")'
	@echo 'make test         the tests, all but the slow ones; as root with an engine of their own'
	@echo 'make test-all     all tests'
	@echo 'make check        format, linter, types and walls'
	@echo 'make format       let the linter put right what it can'
	@echo 'make bench        measure, on an engine of its own (root)'
	@echo 'make screenshots  take the pictures of the README anew'
	@echo 'make constraints  lock the newest versions of everything'
	@echo 'make clean        remove all that was made here'

run: .venv/installed
	@$(BIN)/orlop --demo-if-no-engine $(ARGS)

test: .venv/installed-dev engine
	$(PYTEST) -m 'not slow' $(ARGS)

test-all: .venv/installed-dev engine
	ORLOP_TEST_EXAMPLES=all $(PYTEST) $(ARGS)

check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/installed-dev engine
	$(BIN)/python -m tests.bench $(ARGS)

screenshots: .venv/installed-dev
	$(BIN)/python -m screenshots $(ARGS)

# -- set-up: redone when what is wanted has changed ------------------------------------------------

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo 'Installing orlop into .venv ...'
	@$(INSTALL) $(BUILD_TOOLS)
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	@echo 'Installing orlop and the tools for its development into .venv ...'
	@$(INSTALL) $(BUILD_TOOLS)
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@touch .venv/installed $@

# A Python that is new enough and can make a virtual environment: Debian keeps the latter in a package of its own.
.venv/bin/python:
	@set -eu; \
	root_has_apt() { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; }; \
	apt() { apt-get update -q </dev/null >&2 && DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends "$$@" </dev/null >&2; }; \
	find_python() { for candidate in $(PYTHON_CANDIDATES); do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "$$candidate"; return; fi; done; }; \
	python="$$(find_python)"; \
	if [ -z "$$python" ] && root_has_apt; then apt python3 python3-venv; python="$$(find_python)"; fi; \
	if [ -z "$$python" ]; then \
		echo 'orlop needs Python 3.11 or newer: install one (Debian, Ubuntu: apt-get install python3 python3-venv).' >&2; \
		exit 1; fi; \
	if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		package="$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"; \
		if root_has_apt; then apt "$$package"; else \
			echo "$$python can't make a virtual environment: run 'apt-get install $$package' as root first." >&2; \
			exit 1; fi; fi; \
	"$$python" -m venv --clear .venv

# The tests start a dockerd of their own and never touch another one. Where there is none to start,
# pytest says at its end what was not tested (and fails when CI=true).
engine:
	@PATH="$$PATH:/usr/sbin:/sbin"; \
	static_busybox() { busybox="$$(command -v busybox)" && ! ldd "$$busybox" >/dev/null 2>&1; }; \
	if command -v dockerd >/dev/null && static_busybox; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installing an engine for the tests (docker.io, busybox-static, iptables) ...'; \
		wanted='busybox-static'; \
		command -v dockerd >/dev/null || wanted="$$wanted docker.io iptables"; \
		apt-get update -q </dev/null >/dev/null && DEBIAN_FRONTEND=noninteractive \
			apt-get install -q -y --no-install-recommends $$wanted </dev/null >/dev/null && exit 0; \
	fi; \
	echo '*** There is no dockerd and busybox to test with: TESTS THAT NEED AN ENGINE WILL NOT RUN.'; \
	echo '*** As root, on Debian or Ubuntu: apt-get install docker.io busybox-static iptables'

# -- the lock --------------------------------------------------------------------------------------

constraints:
	rm -rf build/lock
	@$(MAKE) --no-print-directory .venv/bin/python
	$(BIN)/python -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check $(BUILD_TOOLS)
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[dev]'
	build/lock/bin/python -m pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[^ ]+$$' | LC_ALL=C sort -f >build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
