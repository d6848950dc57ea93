# make run trains everything; make help lists the rest. Each target is safe to repeat.

# The first of these that is Python 3.11 or newer; another one: make PYTHON=/path/to/python3.12
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
OLDEST := .venv-oldest
SOURCES := src tests lessons benchmarks docs

.PHONY: help run test test-oldest lint format notebooks bench book confusion mutants picture lab docs build clean
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: $(INSTALLED) ## train the networks of all lessons; results in out/
	$(BIN)/chainrule run

test: $(INSTALLED) ## run the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

test-oldest: $(OLDEST)/.installed ## run the tests with the oldest supported NumPy, scikit-learn and PyTorch
	OMP_NUM_THREADS=1 $(OLDEST)/bin/python -m pytest -n 2

lint: $(INSTALLED) ## check style and types
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy

format: $(INSTALLED) ## put the code into the house style
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

notebooks: $(INSTALLED) ## make notebooks/ again from lessons/, executing the solutions
	$(BIN)/python -m chainrule.course.builder

bench: $(INSTALLED) ## time a training step beside PyTorch, JAX and scikit-learn
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/chainrule bench

book: $(INSTALLED) ## train the book's MNIST experiments again (MNIST in $$CHAINRULE_DATA)
	$(BIN)/python benchmarks/book.py

confusion: $(INSTALLED) ## try check on every submission, over 1,000 seeds (50 for PyTorch), and diagnose on every program
	OMP_NUM_THREADS=1 $(BIN)/python tests/confusion.py
	OMP_NUM_THREADS=1 $(BIN)/python tests/programs/confusion.py

mutants: $(INSTALLED) ## change each right solution in one place after another: check must notice
	OMP_NUM_THREADS=1 $(BIN)/python tests/mutants.py

docs: $(INSTALLED) ## build the documentation in out/docs; open out/docs/index.html
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	OMP_NUM_THREADS=1 $(BIN)/python -m docs.generator
	$(BIN)/sphinx-build -q -W --keep-going -j 2 docs out/docs
	DOCS=out/docs $(BIN)/python -m pytest -k built tests/test_docs.py

picture: $(INSTALLED) ## draw the README's picture again
	$(BIN)/python docs/picture.py

lab: $(INSTALLED) ## copy the notebooks to work/ and open them
	$(BIN)/chainrule lab

build: $(INSTALLED) ## make the wheel and the source distribution in dist/
	$(BIN)/python -m build

clean: ## remove the environments and everything generated that git ignores; work/ stays
	rm -rf $(VENV) $(OLDEST) out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	@$(require-python)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[all]'
	@touch $@

$(OLDEST)/.installed: pyproject.toml tests/oldest.txt
	@$(require-python)
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --editable '.[all]' --constraint tests/oldest.txt
	@touch $@

define require-python
if [ -z "$(PYTHON)" ]; then \
	echo "chainrule needs Python 3.11 or newer; python3 is $$(python3 -V 2>/dev/null || echo missing)." >&2; \
	echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; \
fi; \
if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	echo "chainrule needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; exit 1; \
fi
endef
