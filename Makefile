# The only command runner of this project: README, CI and the GitHub workflows call these targets and nothing else.
# `make help` lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: all-cpus chapter help env epub pdf slides book test lab chapters check format quick reseed serve clean unit lighthouse notebooks site bench speed kills mutants coursework class course families package oldest

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
OFFSET ?= 1000
KILLS ?= 8
LIGHTHOUSE := 12.8.2
# `make env CONSTRAINTS=` takes the newest versions that pyproject.toml allows
CONSTRAINTS ?= -c constraints.txt
EXTRAS ?= dev
# Of the 400 random configurations of every cell, `make unit` tries so many; `make test` and CI try all.
CONFIGURATIONS ?= 100
T ?= tests --ignore tests/site --ignore tests/chapters --ignore tests/coursework --ignore tests/tools --ignore tests/mutants
# How another machine may differ: the number of threads, and the instruction set. Threads that wait must not spin.
THREADS := OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0 OMP_NUM_THREADS
ISA := ATEN_CPU_CAPABILITY=default
# The longest first, by the seconds of the record, so that none is left over for one process at the end; then those that
# are not in it yet.
LONGEST := $(shell awk '/ file: / { name = $$NF } / cpu: / { print $$NF, "chapters/" name ".ipynb" }' \
	book/chapters.yml 2>/dev/null | sort -rn | cut -d " " -f 2)
NOTEBOOKS := -n 2 --dist loadscope --no-loadscope-reorder \
	$(LONGEST) $(filter-out $(LONGEST),$(wildcard chapters/[0-9]*.ipynb))
SITE := _build/html
BUILT := _build/.built
# Another Python can be named: make book PYTHON=python3.12
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
# What the site is made of. A file that appears, changes or goes makes the next `make book` build anew.
SOURCES := $(shell find book chapters seqlib coursework _config.yml _toc.yml LICENSE -type f \
	! -path '*/__pycache__/*' ! -path '*/.ipynb_checkpoints/*' ! -path '*/.ruff_cache/*' 2>/dev/null)
# nbval is for NBVAL alone: to import its plugin takes every pytest, and every worker of it, three seconds.
PYTEST := $(PY) -m pytest -q -p no:cacheprovider -p no:nbval
# One thread a process, and two processes side by side: two threads each on two busy cores are many times slower.
ONE := OMP_NUM_THREADS=1
# What waits for a core that nobody else uses comes after the others, by itself.
ALONE := tests/coursework/running/test_patience.py tests/coursework/running/test_quotas.py
# Its tests draw nothing by hypothesis, whose plugin would be imported by each worker.
GRADER := $(ONE) $(PYTEST) -p no:hypothesispytest -n 3 --dist loadfile --no-loadscope-reorder tests/coursework $(addprefix --ignore ,$(ALONE))
NBVAL := $(PY) -m pytest -q -p no:cacheprovider -W default --nbval --nbval-current-env --nbval-cell-timeout 1000

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(READY) ## make .venv with the exact versions of constraints.txt

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Learning Sequences needs Python 3.11 or newer: install it (Debian/Ubuntu: apt install python3 python3-venv; macOS: brew install python) and run make again." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "PYTHON=$(PYTHON) is not a Python 3.11 or newer: install one (Debian/Ubuntu: apt install python3 python3-venv; macOS: brew install python) and run make again." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian/Ubuntu: apt install python3-venv) and run make again." >&2; exit 1; }
	@if [ -x $(PY) ] && ! $(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then rm -rf $(VENV); fi
	@echo "Installing into $(VENV) (about a minute and 1.7 GB) …"
	@test -x $(PY) || "$(PYTHON)" -m venv $(VENV)
	@$(PY) -m pip install -q --disable-pip-version-check -e ".[$(EXTRAS)]" $(CONSTRAINTS)
	@# nbgrader's menus are for teachers, and are put away in everybody's JupyterLab
	@if [ "$(EXTRAS)" = dev ]; then $(VENV)/bin/jupyter labextension disable --level=sys_prefix @jupyter/nbgrader 2>/dev/null; fi
	@touch $@

book: $(BUILT) ## build the site to _build/html
	@echo "The book is ready: open file://$(CURDIR)/$(SITE)/index.html, or run 'make serve'."

# Always from nothing: a warm rebuild after a failed build would leave out the warnings that failed it.
# .sources holds the list of files, so that a deleted page is noticed too.
$(BUILT): $(READY) $(SOURCES) _build/.sources
	@rm -rf $(SITE) _build/.doctrees _build/jupyter_execute $(BUILT)
	@$(VENV)/bin/jupyter-book build . -W -n --keep-going -q || { rm -rf $(SITE) _build/.doctrees; echo "The book was not built: see the warnings above." >&2; exit 1; }
	@touch $(BUILT)

# For one who writes: Sphinx reads only the pages that changed, and those that say they depend on what changed, in the
# same place. Its warnings fail nothing, so `make book`, and the tests, build from nothing after it.
quick: $(READY) ## rebuild the pages that changed, in seconds; 'make book' is the real one
	@rm -f $(BUILT)
	@$(VENV)/bin/jupyter-book build . -n --keep-going -q
	@echo "What changed is rebuilt: open file://$(CURDIR)/$(SITE)/index.html. 'make book' is the real one: it builds from nothing, and a warning fails it."

# What is taken away is made of the built site, and says what it says.
epub: $(BUILT) ## the book as an ePub, which epubcheck looks at if it is installed
	@$(PY) tools/take_away/epub.py
	@if command -v epubcheck >/dev/null; then epubcheck -q --failonwarnings _build/learning-sequences.epub; fi

pdf: $(BUILT) ## the book as a PDF, printed by Chromium (some minutes)
	@$(PY) tools/take_away/pdf.py

slides: $(BUILT) ## slides of each chapter, one file each, in _build/slides
	@$(PY) tools/take_away/slides.py

_build/.sources: FORCE
	@mkdir -p _build
	@echo "$(SOURCES)" | cmp -s - $@ || echo "$(SOURCES)" > $@

.PHONY: FORCE
FORCE:

test: CONFIGURATIONS = 400
test: side-by-side unit bench mutants notebooks coursework site ## everything that CI runs

# What keeps one core busy each, two of them at a time.
.PHONY: side-by-side
side-by-side: $(READY)
	@$(MAKE) --no-print-directory -j 2 book check kills

check: $(READY) ## format, lint, types
	@$(VENV)/bin/ruff format --check -q . || { echo "Run 'make format'." >&2; exit 1; }
	@$(VENV)/bin/ruff check -q .
	@$(VENV)/bin/mypy --no-error-summary
	@echo "format, lint, types: clean"

format: $(READY) ## put the code into shape
	@$(VENV)/bin/ruff check -q --fix . || true
	@$(VENV)/bin/ruff format -q .

unit: $(READY) ## the tests of seqlib; make unit T=tests/nn for some of them
	@# A file stays with one worker: what it imports, starts or draws once, it does once.
	$(ONE) CONFIGURATIONS=$(CONFIGURATIONS) $(PYTEST) -n 2 --dist loadfile $(T)

bench: $(READY) ## a training step of seqlib.nn against torch.nn, a batched beam against one sentence after another
	$(PY) tests/benchmarks/speed.py --bars
	$(PY) tests/benchmarks/speed_transformer.py --bars 0.95  # 1.0 on a quiet machine: the two are close
	$(PY) tests/benchmarks/decoding.py --bars
	$(PY) tests/benchmarks/decoding_gpt.py --bars 0.9  # 1.0 on a quiet machine

speed: $(READY) ## every layer in every use against torch.nn, stored for the page on speed (ten minutes, on a quiet machine)
	$(PY) tests/benchmarks/speed.py --situations all --loop --memory --store --bars
	$(PY) tests/benchmarks/decoding.py --store --bars

# Not installed by `make env`: it needs Node, and nothing else here does. This version runs on Node 18.20 and newer.
lighthouse: $(BUILT) ## Lighthouse over every page, stored for the page on speed (an hour, on a quiet machine)
	@command -v npm >/dev/null || { echo "make lighthouse needs Node and npm: install them (Debian/Ubuntu: apt install nodejs npm; macOS: brew install node) and run make again." >&2; exit 1; }
	@grep -qs '"version": "$(LIGHTHOUSE)"' _build/lighthouse/node_modules/lighthouse/package.json \
		|| npm install --prefix _build/lighthouse --no-save --no-audit --no-fund --loglevel=error lighthouse@$(LIGHTHOUSE)
	@$(PY) tools/lighthouse.py

kills: $(READY) ## kill a training and resume it; make kills KILLS=20
	$(ONE) $(PY) tests/kill_resume.py --kills $(KILLS)
	$(ONE) $(PY) tests/kill_resume.py --kills $(KILLS) --chunks

# With ALL=1 none of them is taken as known, and what is known is written anew: weekly, and before a release.
mutants: $(READY) ## planted bugs: the suite must catch every one; make mutants ALL=1 tries those, too, that are known
	$(ONE) $(PY) tests/mutants/run.py $(if $(ALL),--all --remember) $(if $(SEED),--seed $(SEED))

# The committed outputs were made with one thread, native. They must come out the same without AVX, and with two threads,
# which take more than twice as long: one chapter in five, drawn anew for each commit (by SEED, if it is named).
notebooks: $(READY) ## the chapters: structure, and every committed output computed again, as on another machine
	$(ONE) $(PYTEST) -n 2 tests/chapters tests/tools tests/mutants
	$(THREADS)=1 $(ISA) $(NBVAL) -p tools.two_threads $(NOTEBOOKS)

all-cpus: $(READY) $(BUILT) ## before a release: each way apart, other seeds, every secret (about an hour)
	OMP_NUM_THREADS=1 $(NBVAL) $(NOTEBOOKS)
	OMP_NUM_THREADS=1 $(ISA) $(NBVAL) $(NOTEBOOKS)
	$(THREADS)=2 $(NBVAL) $(NOTEBOOKS)
	for offset in 1000 2000 3000; do $(ONE) $(PY) tools/reseed.py --offset $$offset || exit 1; done
	$(GRADER) --secrets 23 --kills 10
	$(ONE) $(PYTEST) $(ALONE)
	$(ONE) $(PY) tests/coursework/class_of_200.py
	$(ONE) $(PY) tests/kill_resume.py --kills 20
	$(ONE) $(PY) tests/kill_resume.py --kills 20 --chunks

chapter: $(READY) ## one chapter: execute it, also with two threads, its tests, its page: make chapter N=05
	@test -n "$(N)" || { echo "Say which: make chapter N=05" >&2; exit 1; }
	$(ONE) $(PY) tools/execute.py --limit 75 chapters/$(N)_*.ipynb
	$(THREADS)=2 $(ISA) $(NBVAL) chapters/$(N)_*.ipynb
	$(ONE) $(PYTEST) tests/chapters -k "$(N)_ or record or ledger or notebook"
	@$(MAKE) --no-print-directory book

# These two install afresh, which takes minutes: the weekly workflow runs them.
package: ## build it, install the wheel away from here, use it, mypy --strict
	$(ONE) "$(PYTHON)" tools/package.py

oldest: ## the tests of seqlib with the oldest versions that pyproject.toml allows
	@mkdir -p _build
	@"$(PYTHON)" tools/oldest.py > _build/oldest.txt
	@$(MAKE) --no-print-directory unit CONFIGURATIONS=400 VENV=_build/oldest EXTRAS=notebooks,test CONSTRAINTS="-c _build/oldest.txt"

coursework: $(READY) $(BUILT) ## the assignments and the grader
	@# Much of it waits for limits to end what never ends: three workers keep two cores busy. The longest files come
	@# first, so that none is left over for one worker at the end.
	$(GRADER)
	$(ONE) $(PYTEST) $(ALONE)

class: $(READY) ## grade a simulated class of 200 for every assignment
	$(ONE) $(PY) tests/coursework/class_of_200.py

# Never by SECRET=…: everybody on a machine can read the command lines and much of the environment of its processes.
course: $(READY) ## make an nbgrader course; it asks for a secret: make course [SECRET_FILE= COURSE= NAME= ROSTER= FAMILIES=]
	@test -z '$(findstring command,$(origin SECRET))' || { echo "A secret on a command line can be read by everybody on this machine: take another one, leave SECRET= out and type it when you are asked, or name a file that holds it: make course SECRET_FILE=FILE" >&2; exit 2; }
	@$(PY) -m coursework make $(if $(SECRET_FILE),--secret-file "$(SECRET_FILE)") $(if $(COURSE),--course "$(COURSE)") \
		$(if $(NAME),--name "$(NAME)") $(if $(ROSTER),--roster "$(ROSTER)") $(if $(FAMILIES),--families "$(FAMILIES)")

families: $(READY) ## begin problems of your own: make families FAMILIES=folder; try them with the same command again
	@test -n "$(FAMILIES)" || { echo "Say where: make families FAMILIES=folder" >&2; exit 1; }
	@if [ -e "$(FAMILIES)" ]; then $(PY) -m coursework try "$(FAMILIES)"; else $(PY) -m coursework families "$(FAMILIES)"; fi

site: $(READY) $(BUILT) ## the built site and JupyterLab, in a real browser
	@# Without a browser these tests are skipped, and say what to install; under CI they fail instead.
	@# A page stays with one worker, which loads it once for all its tests; JupyterLab, which takes long, comes first.
	$(PYTEST) -n 2 --dist loadgroup --no-loadscope-reorder tests/site

chapters: $(READY) ## re-execute all chapters in place, two side by side
	$(ONE) $(PY) tools/execute.py --jobs 2

reseed: $(READY) ## do the verdicts hold with other seeds? make reseed OFFSET=1000
	$(ONE) $(PY) tools/reseed.py --offset $(OFFSET)

lab: $(READY) ## open the chapters in JupyterLab
	$(ONE) $(VENV)/bin/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/chapters

serve: book ## serve the built site on http://localhost:8000
	$(PY) -m http.server 8000 --bind 127.0.0.1 --directory $(SITE)

clean: ## remove what was built, and .venv
	rm -rf _build $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
