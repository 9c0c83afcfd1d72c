# `make help` lists the targets. Everything is installed by the target that needs it.
SHELL := /bin/sh
PYTHON ?= python3
JOBS ?= 2
export PYTHON
export PYTHONPATH := src
export PYTHONDONTWRITEBYTECODE :=

PY := .venv/bin/python
SOURCES := src tests $(wildcard bench) manage.py
TEMPLATES := $(wildcard src/chedai/*/templates)
# A static check needs settings, never a database: this address answers nobody.
NO_DATABASE := DATABASE_URL=postgresql://nobody@127.0.0.1:1/none CHEDAI_DEMO=1
BENCHES := $(patsubst bench/%.py,bench.%,$(wildcard bench/bench_*.py)) bench.journey bench.day bench.pipeline bench.portfolio
# Makes the output of parallel checks come in whole blocks, where make can do that.
WHOLE_BLOCKS := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: run test check fix bench bench-quotes journeys lock assets help core dev browser
.DEFAULT_GOAL := help

run: assets ## 启动:装依赖、数据库、演示数据、网页和后台任务 Start everything
	@exec $(PY) -m chedai.config.cli run --demo

test: dev assets browser ## 全部测试,含浏览器里的旅程 Everything CI runs
	@$(PY) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder tests

check: dev ## 静态检查(20 秒以内) Static checks
	@$(MAKE) --no-print-directory -j $(JOBS) $(WHOLE_BLOCKS) $(CHECKS)

fix: dev ## 自动修正格式和可修正的问题 Format and fix
	@$(PY) -m ruff format $(SOURCES)
	@$(PY) -m ruff check --fix $(SOURCES)

journeys: dev assets browser ## 只跑浏览器里的旅程 Browser stories only
	@$(PY) -m pytest tests/journeys

bench: dev ## 全部性能对比,打印测得的数字 All measured comparisons
	@missed=; \
	for name in $(BENCHES); do echo "== $$name"; $(PY) -m $$name || missed="$$missed $$name"; done; \
	if $(PY) -c 'import pyxirr' 2>/dev/null; then echo "== bench.quotes"; \
	  $(PY) -m bench.quotes || missed="$$missed bench.quotes"; \
	else echo "== bench.quotes: make bench-quotes 会先装对比用的库 installs its peers first"; fi; \
	test -z "$$missed" || { echo "没有达到目标 Missed:$$missed"; exit 1; }

bench-quotes: core ## 报价速度:与同类库对比 Quotes against their peers; ARGS="--json FILE"
	@scripts/install.sh core dev bench
	@$(PY) -m bench.quotes $(ARGS)

lock: dev ## 重新编译锁文件 Compile the locks; make lock ARGS=--upgrade
	@scripts/lock.sh $(ARGS)

assets: core ## 取页面文件和字体 Page assets and fonts from npm
	@$(PY) -m chedai.config.launch.assets

help: ## 显示本说明 Show this text
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{ printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

core:
	@scripts/install.sh core

dev: core
	@scripts/install.sh core dev

browser: core
	@$(PY) -m chedai.config.launch.browser >/dev/null

# --- Static checks: each fails the build ---------------------------------------------------
.PHONY: check-format check-lint check-arrows check-types check-migrations check-django check-templates
CHECKS := check-types check-format check-lint

check-format:
	@$(PY) -m ruff format --check --quiet $(SOURCES) || { echo "→ make fix"; exit 1; }

check-lint:
	@$(PY) -m ruff check --quiet $(SOURCES)

check-types:
	@$(PY) -m mypy --no-error-summary

ifneq ($(shell grep -c '^\[tool.importlinter\]' pyproject.toml),0)
CHECKS += check-arrows
endif
check-arrows:
	@mkdir -p .cache
	@$(PY) -c 'from importlinter.cli import lint_imports_command as main; main()' --no-cache > .cache/arrows.log 2>&1 || { cat .cache/arrows.log; exit 1; }

ifneq ($(wildcard src/chedai/config/settings.py),)
CHECKS += check-migrations check-django
endif
check-migrations:
	@$(NO_DATABASE) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

check-django:
	@$(NO_DATABASE) $(PY) manage.py check --fail-level WARNING

ifneq ($(TEMPLATES),)
CHECKS += check-templates
endif
check-templates:
	@$(PY) -m djlint --lint --quiet $(TEMPLATES)
