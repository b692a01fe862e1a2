# reportqa: `make chat` to use it, `make test` to check it, `make help` for the rest.

PYTHON ?= python3
VENV   ?= .venv
PY     := $(VENV)/bin/python
PIP    := $(PY) -m pip --disable-pip-version-check
INDEX  ?=
ARGS   ?=
# URL of a package index with a CPU build of torch; spares gigabytes of CUDA on Linux.
TORCH_INDEX ?=

.DEFAULT_GOAL := help
.PHONY: help install chat query ingest doctor test lint format eval gate bench clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

install: $(VENV)/.installed  ## make .venv and install (TORCH_INDEX=URL for a CPU build of torch)

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "reportqa needs Python 3.11 or newer: make install PYTHON=python3.11"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || \
	  { echo "No virtual environment could be made: sudo apt install python3-venv"; exit 1; }
	$(if $(TORCH_INDEX),$(PIP) install -q --index-url $(TORCH_INDEX) -c constraints.txt torch)
	@echo "Installing (some minutes the first time) ..."
	$(PIP) install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install -q -c constraints.txt -e '.[test,train,eval,llm,mcp]'
	@touch $@

chat: $(VENV)/.installed  ## build the index of seeds/ if need be and open the chat
	@$(PY) -m rag chat $(if $(INDEX),--index '$(INDEX)') $(ARGS)

query: $(VENV)/.installed  ## answer one question: make query Q="How many ...?"
	@test -n "$$Q" || { echo 'Give a question: make query Q="How many people got health insurance?"'; exit 2; }
	@$(PY) -m rag query $(if $(INDEX),--index '$(INDEX)') $(ARGS) -- "$$Q"

ingest: $(VENV)/.installed  ## add files or folders: make ingest P="my/reports" INDEX=my-index
	@test -n "$(P)" || { echo 'Give files or folders: make ingest P="my/reports" INDEX=my-index'; exit 2; }
	@$(PY) -m rag ingest $(if $(INDEX),--index '$(INDEX)') $(ARGS) $(P)

doctor: $(VENV)/.installed  ## say what is installed, what is wrong and what to do
	@$(PY) -m rag doctor $(if $(INDEX),--index '$(INDEX)')

test: $(VENV)/.installed-test  ## install what tests need and run them all
	$(PY) -m pytest -n auto --dist loadfile $(ARGS)

lint: $(VENV)/.installed-test  ## check style and formatting
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: $(VENV)/.installed-test  ## put style and formatting right
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

eval: $(VENV)/.installed-test  ## run a test set and write its report: make eval ARGS="peru --out runs/now"
	$(PY) -m rag eval run $(ARGS)

gate: $(VENV)/.installed-test  ## fail when quality has fallen below eval/floors.json
	$(PY) -m rag eval gate

bench: $(VENV)/.installed-test  ## what building, opening and asking cost, beside plain LlamaIndex
	$(PY) -m eval.bench $(ARGS)

clean:  ## remove the environment, the default index and caches
	rm -rf $(VENV) .index artifacts .pytest_cache .ruff_cache .hypothesis build *.egg-info

export Q
