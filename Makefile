# Everything from nothing but Python 3.11 or newer and make.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test test-slow test-year lint docs bench clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "granger needs Python 3.11 or newer; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY)        ## the bundled pack on its sample data, a statement, and why an account scores as it does
	@echo '$$ granger run rules/renewal-kpi --as-of 2026-09-30 --out out'
	@$(BIN)/granger run rules/renewal-kpi --as-of 2026-09-30 --out out 2>.venv/demo.txt; code=$$?; \
	  if [ $$code -gt 1 ]; then cat .venv/demo.txt; exit $$code; fi; \
	  echo "(exit code $$code: 1 says that something wants a look: a rejected row, a task that nobody can do;"; \
	  echo "warnings are left out here)"
	@echo
	@echo '$$ cat out/statements/Lin-Yue-*.md'
	@cat out/statements/Lin-Yue-*.md
	@echo
	@echo "\$$ granger explain account A-036 rules/renewal-kpi --as-of 2026-09-30 | sed -n '1p; /account-health:/,/at most/p'"
	@$(BIN)/granger explain account A-036 rules/renewal-kpi --as-of 2026-09-30 2>/dev/null | sed -n '1p; /account-health:/,/at most/p'

test: $(READY)        ## the test suite
	$(BIN)/python -m pytest -m "not slow and not year" -n auto --dist worksteal

test-slow: $(READY)   ## proofs that take minutes
	$(BIN)/python -m pytest -m "slow or law" --hypothesis-profile many -n auto --dist worksteal

test-year: $(READY)   ## a year of daily runs over 2,000 accounts: some ten minutes
	$(BIN)/python -m pytest -m year

lint: $(READY)        ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY)        ## rewrite the pages that are generated
	$(BIN)/python -m granger.engine.writers.reference docs/policy-reference.md
	$(BIN)/python -m granger.engine.writers.expression_reference docs/expressions.md
	$(BIN)/python -m granger.engine.writers.message_reference docs/messages.md

bench: $(READY)       ## measured ratios; BENCH_ROWS=100000 make bench is quicker
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m bench.compare

clean:
	rm -rf .venv out build *.egg-info
