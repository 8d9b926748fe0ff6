# Two commands on a fresh machine with Python 3.11, make and a package registry: `make report` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup report test lint bench bench-people bench-desk lab notebooks samples clean fuzz soak tamper sweep mutations bench-reader bench-init docs words lock audit

setup: $(READY)

# Installed once, and again when what is wanted changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $(READY)

# Another controller's: make report CONTROLLER=examples/club
CONTROLLER ?=
OWN := $(if $(CONTROLLER),$(CONTROLLER)/,)
EXPORTS := $(if $(CONTROLLER),$(CONTROLLER)/exports,data_samples/exports)
report: setup
	$(BIN)/vahti run --home $(OWN).vahti --exports $(EXPORTS) --expectations $(OWN)expectations --fail-on never
	$(BIN)/vahti report --home $(OWN).vahti --expectations $(OWN)expectations
	@test -n "$(CONTROLLER)" || printf '%s\n' '' 'How to go on, from any folder:' '  export PATH="$(CURDIR):$$PATH"' '  vahti doctor' \
	    '  vahti findings --rule past-retention' '  vahti subject "järvinen eino"'

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Sizes and rounds by variable: make bench ROWS="100000 1000000 10000000" ROUNDS=1; more words to it in BENCH.
ROWS ?= 100000 1000000
ROUNDS ?= 3
bench: setup
	$(BIN)/python -m tests.benchmarks --rows $(ROWS) --rounds $(ROUNDS) $(BENCH)

# How much of a person is found, and how much of others': made-up registers and FEBRL, whose truth is known.
bench-people: setup
	$(BIN)/python tests/benchmarks/bench_people.py

# From `vahti desk` to the first page in Chromium, on a fresh home of the samples.
bench-desk: setup
	$(BIN)/python tests/benchmarks/bench_desk.py

# Any bytes as any file that is given to the workbench, for SECONDS: `make fuzz SECONDS=600`; SEED takes another way through
# them. Then the reader of exports under coverage-guided fuzzing, for as long; Atheris is installed for this alone, beside the
# environment. What they find is left in .fuzz.
SECONDS ?= 60
SEED ?= 1
FUZZ := .fuzz
fuzz: setup
	mkdir -p $(FUZZ)
	$(BIN)/python -m tests.fuzz.whole $(FUZZ) $(SEED) $(SECONDS)
	test -d $(FUZZ)/packages || $(BIN)/python -m pip install --quiet --disable-pip-version-check --target $(FUZZ)/packages atheris
	PYTHONPATH=$(FUZZ)/packages $(BIN)/python -m tests.fuzz.reader -max_total_time=$(SECONDS) -max_len=2000 -artifact_prefix=$(FUZZ)/

# What takes too long for the suite: KILLS kills of runs, decisions and imports, one in six of real processes; a line of 2 GB.
KILLS ?= 1000
soak: setup
	VAHTI_SOAK_KILLS=$(KILLS) $(BIN)/python -m pytest -n 0 -rP tests/test_crash.py tests/test_hostile.py

# Random changes to a log of look-ups, all of which have to be noticed: the suite makes 600.
TAMPERINGS ?= 10000
tamper: setup
	VAHTI_TAMPERINGS=$(TAMPERINGS) $(BIN)/python -m pytest -n 0 tests/test_access_log.py -k random_tamperings

# Whatever part of the exports may be missing: far more than the suite goes over.
sweep: setup
	VAHTI_SWEEP=1 $(BIN)/python -m pytest -n 2 --dist load tests/test_subsets.py

# Exports that one byte, one delimiter or one quote was changed in: SEEDS of each export for the bytes, as many for the others.
SEEDS ?= 2000
mutations: setup
	VAHTI_MUTATIONS=$(SEEDS) VAHTI_DELIMITERS=$(SEEDS) $(BIN)/python -m pytest -n 2 --dist load tests/test_mutations.py tests/test_misreading.py

# The reader on the files of the Pollock benchmark and of csv-spectrum, in the folders POLLOCK and SPECTRUM (see tests/benchmarks/pollock.py).
bench-reader: setup
	$(BIN)/python -m tests.benchmarks.pollock $(POLLOCK) --spectrum $(SPECTRUM)

# What `vahti init` guesses, on made-up registers of other sectors and countries whose truth is known.
bench-init: setup
	$(BIN)/python -m tests.benchmarks.inference

lab: setup
	$(BIN)/vahti lab

# The notebooks' outputs, made anew from the samples; twice gives the same bytes.
notebooks: setup
	$(BIN)/python -m pipelines.desk.notebooks

# The samples in the repository, made anew.
samples: setup
	rm -rf data_samples/exports
	$(BIN)/vahti sample --out data_samples --customers 400 --seed 1 --periods 3

# What is installed, by version and sum. A version that is locked stays while pyproject.toml allows it; UPGRADE=--upgrade takes the newest.
lock:
	uv pip compile --quiet $(UPGRADE) --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

# Known weaknesses of what is locked. Installed for this alone, beside the environment. tests/audit.py ends with 3, which make shows
# as "Error 3", where no advisories can be had: then nothing is known.
AUDIT := .audit
audit: setup
	test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.9,<3'; } || true
	@$(BIN)/python -m tests.audit $(AUDIT)/bin/pip-audit requirements.lock

# Pages made from the commands' own help.
docs: setup
	$(BIN)/python -m pipelines.commands.reference > docs/commands.md

# The product's catalogues, brought up to date with what it says; names what is still to be translated.
words: setup
	$(BIN)/python -m tests.catalogue

clean:
	rm -rf $(VENV) .vahti $(FUZZ) $(AUDIT)
