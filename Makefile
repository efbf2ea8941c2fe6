# Everything from a fresh checkout: `make run`, `make test`, `make check`. Needs git, make and Python 3.11+.
# Paths are relative and programs run as `$(PY) -m …`: the checkout's own path may hold spaces and any letters.

PYTHON ?=
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
DATA ?= data
PYTEST_ARGS ?=
# One more than CI's two cores: many tests wait for a network, for Wine or for a clock.
WORKERS ?= 3
# What the tests build firewalls and networks with; none of it is switched on by being installed. firewalld would
# be, and so would the daemons that the scanner's tests start in namespaces: those are installed on CI's throw-away
# machines alone, and their tests are skipped elsewhere unless they are there.
TEST_PACKAGES := arp-scan chromium 'fonts-liberation2|fonts-liberation' gcc-mingw-w64-i686-win32 gcc-mingw-w64-x86-64-win32 iproute2 iptables libreoffice-calc-nogui libreoffice-writer-nogui libxml2-utils msitools nftables nmap poppler-utils procps qpdf rpm shellcheck softhsm2 strace systemd tcpdump ufw wine64 wixl
ifeq ($(CI),true)
TEST_PACKAGES += dbus firewalld
TEST_PACKAGES += avahi-daemon cups-daemon dnsmasq-base inetutils-telnetd nginx-light openssh-server samba snmpd vsftpd
endif

.DELETE_ON_ERROR:
.PHONY: run test check fast slow docs language requirements requirements-upgrade bench lab clean help

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

# Exit code 1 of `up` means done, and something on this machine fails: `make run` has done its work then.
run: .venv/run.stamp ## this machine's facts, judged, with a report on disk (in data/)
	@touch .venv/run.started
	@$(PY) -m rasoat --data '$(DATA)' up --once || { code=$$?; [ $$code -eq 1 ] || exit $$code; }
	@[ -n "$$(find '$(DATA)/reports' -type f -newer .venv/run.started 2>/dev/null)" ] || \
		{ echo "make run: no report was written" >&2; exit 3; }

test: .venv/dev.stamp ## every test, the slow ones too, and the coverage
	@sh tools/apt-install $(TEST_PACKAGES)
	@$(PY) tools/wine_pythons.py
	@$(PY) tools/old_python.py
	@rm -f .coverage .coverage.*
	@$(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(PYTEST_ARGS)

check: .venv/dev.stamp ## style, types (the agent's on three systems), import directions, 3.8 syntax of the agent, generated pages
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	$(PY) -m mypy --platform win32 --cache-dir .mypy_cache/win32 agents
	$(PY) -m mypy --platform darwin --cache-dir .mypy_cache/darwin agents
	$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo
	$(PY) -c 'from vermin import main; main()' --target=3.8- --no-tips agents
	$(PY) tools/generated.py --check
	$(PY) tools/catalogues.py --check

docs: .venv/dev.stamp ## the generated pages of docs/, written anew
	$(PY) tools/generated.py

language: .venv/dev.stamp ## the catalogues of messages, compiled; says what has no Vietnamese text
	$(PY) tools/catalogues.py

requirements: .venv/dev.stamp ## requirements/*.txt from pyproject.toml, same versions where they still fit
	$(PY) tools/requirements.py

requirements-upgrade: .venv/dev.stamp ## the same, every package in its newest version
	$(PY) tools/requirements.py --upgrade

bench: .venv/peers.stamp ## the figures, with peers measured in the same run
	@for script in benchmarks/*.py; do echo "== $$script"; PYTHONPATH=. $(PY) "$$script" || exit; done

lab: .venv/dev.stamp ## a simulated office LAN in network namespaces, until ctrl-C (as root; nothing leads outside)
	$(PY) -m tests.lab $(LAB)

clean: ## forget the environment and the caches; data/ stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage .coverage.*

.venv/bin/python:
	@sh tools/make-venv $(PYTHON)

.venv/run.stamp: requirements/run.txt | .venv/bin/python
	$(PIP) install --require-hashes --no-deps --requirement requirements/run.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/bin/python
	$(PIP) install --require-hashes --no-deps --requirement requirements/dev.txt
	@touch $@

.venv/bench.stamp: requirements/bench.txt .venv/dev.stamp
	$(PIP) install --require-hashes --no-deps --requirement requirements/bench.txt
	@touch $@

# Peers whose pins contradict ours: in a folder of their own, looked into last.
.venv/peers.stamp: requirements/peers.txt .venv/bench.stamp
	$(PIP) install --require-hashes --no-deps --upgrade --target .venv/peers --requirement requirements/peers.txt
	@touch $@
