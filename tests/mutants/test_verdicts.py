"""tests/mutants/verdicts.py: a bug runs again when anything has changed that its verdict depends on, and only then."""

import json
import re
import shutil
import subprocess
import sys
from itertools import chain

import pytest

TEST = "from seqlib.{0} import {0}\n\n\ndef test_{0}():\n    assert {0}(3) == {1}\n"
BUGS = (
    'FILE = "seqlib/{0}.py"\nTESTS = ["tests/{0}/test_{0}.py"]\nMUTANTS = {{"{0}-off": ("return ", "return 1 + ")}}\n'
)
FILES = {
    "seqlib/four.py": "from .two import two\n\n\ndef four(x):\n    return two(two(x))\n",
    "seqlib/two.py": "def two(x):\n    return 2 * x\n",
    "seqlib/words/__init__.py": """\
from pathlib import Path


def words(x):
    return len(Path(__file__).with_name("words.txt").read_text().split()) * x
""",
    "seqlib/words/words.txt": "one two\n",
    "tests/conftest.py": "",
    "tests/four/conftest.py": "",
    "tests/four/numbers.csv": "4\n",
    "tests/script/longer.py": "from seqlib.two import two\n\n\ndef longer(x):\n    return two(x) + 1\n",
    "tests/script/test_script.py": """\
import runpy
from pathlib import Path

SCRIPT = runpy.run_path(str(Path(__file__).with_name("longer.py")))


def test_script():
    assert SCRIPT["longer"](3) == 7
""",
    "tests/script/mutants_script.py": """\
FILE = "tests/script/longer.py"
TESTS = ["tests/script/test_script.py"]
MUTANTS = {"script-off": ("x) + 1", "x) + 2")}
""",
    "constraints.txt": "# exact versions\npytest>=1\nno-such-package==1\n",
    "chapters/assignments/01_one.ipynb": "{}",
}
CATCHERS = {f"seqlib/{name}.py:{name}-off": f"tests/{name}/test_{name}.py::test_{name}" for name in ("two", "four")}
CATCHERS["seqlib/words/__init__.py:words-off"] = "tests/words/test_words.py::test_words"
CATCHERS["tests/script/longer.py:script-off"] = "tests/script/test_script.py::test_script"
TWO, FOUR, WORDS, SCRIPT = CATCHERS


@pytest.fixture
def known(tree, tmp_path):
    """A tree with four bugs, and the record that each is caught."""
    folder = tmp_path / "tree"
    shutil.copytree(tree, folder)
    for path in folder.glob("tests/*.py"):
        path.unlink()
    files = FILES | {f"tests/{name}/test_{name}.py": TEST.format(name, n) for name, n in (("two", 6), ("four", 12))}
    files |= {f"tests/{name}/mutants_{name}.py": BUGS.format(name) for name in ("two", "four")}
    late = 'import importlib\n\nwords = importlib.import_module("seqlib." + "words").words'  # as nobody can tell
    files["tests/words/test_words.py"] = TEST.format("words", 6).replace("from seqlib.words import words", late)
    files["tests/words/mutants_words.py"] = BUGS.format("words").replace("words.py", "words/__init__.py", 1)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    caught_by = {}
    for place, test in CATCHERS.items():
        file, name = place.split(":")
        caught_by.setdefault(file, {})[name] = test
    (folder / "tests/mutants/caught_by.json").write_text(json.dumps(caught_by))
    claim(folder, CATCHERS)
    return folder


def ask(folder, code):
    """What a script says that has the fingerprints of a tree, as `verdicts`."""
    ready = "import sys\nsys.path.insert(0, 'tests/mutants')\nimport catchers, planted\nfrom verdicts import *\n"
    ready += "verdicts, bugs, caught_by = Verdicts(ROOT), planted.read(), catchers.read()\n"
    done = subprocess.run([sys.executable, "-c", ready + code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def claim(folder, places):
    """Write down that these bugs were caught, as the tree is now, whether they were or not."""
    code = "print(*(verdicts.fingerprint(bug, caught_by[bug.place]) for bug in bugs if bug.place in sys.argv[1]))"
    lines = ask(folder, code.replace("sys.argv[1]", repr(list(places))))
    (folder / "tests/mutants/verdicts.txt").write_text("".join(f"{line}\n" for line in lines))


def again(folder):
    """The bugs that are not known."""
    return set(ask(folder, "print(*(b.place for b in bugs if not verdicts.knows(b, catchers.known(b, caught_by))))"))


def test_as_long_as_nothing_changes_all_are_known(known):
    assert again(known) == set()
    shutil.copytree(known, known.with_name("elsewhere"))
    assert again(known.with_name("elsewhere")) == set()
    assert ask(known, "print(*(verdicts.tree.files & {*NOT_READ}))") == []  # they lie beside the tests of this folder


CHANGES = {
    "an assertion": ("tests/two/test_two.py", "== 6", "== 6.0", {TWO}),
    "a mutated module": ("seqlib/four.py", "two(two(x))", "two(two(x) )", {FOUR}),
    "a module that others import": ("seqlib/two.py", "2 * x", "x + x", {TWO, FOUR, SCRIPT}),
    "a package above": ("seqlib/__init__.py", "a comment", "another", {*CATCHERS}),
    "a script that a test names": ("tests/script/longer.py", "+ 1", "+ 1.0", {SCRIPT}),
    "everybody's conftest": ("tests/conftest.py", "", "import os\n", {*CATCHERS}),
    "the conftest of a folder": ("tests/four/conftest.py", "", "import os\n", {FOUR}),
    "data that a module reads": ("seqlib/words/words.txt", "two", "three", {WORDS}),
    "data beside a test": ("tests/four/numbers.csv", "4", "5", {FOUR}),
    "the bug": ("tests/two/mutants_two.py", "1 + ", "2 + ", {TWO}),
    "which tests are its": ("tests/two/mutants_two.py", '.py"]', '.py", "-k", "two"]', {TWO}),
    "which test caught it": ("tests/mutants/caught_by.json", "py::test_two", "py::test_too", {TWO}),
    "pytest's settings": ("pyproject.toml", '["error"]', "[]", {*CATCHERS}),
    "a version": ("constraints.txt", "package==1", "package==2", {*CATCHERS}),
    "a version that is not that": ("constraints.txt", "pytest>=1", "pytest<1", {*CATCHERS}),
    "a word on versions": ("constraints.txt", "exact", "the exact", set()),
    "other settings": ("pyproject.toml", "[tool", "[tool.other]\nlong = 1\n\n[tool", set()),
    "what none of them reads": ("chapters/assignments/01_one.ipynb", "{}", "[]", set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_depends_on_what_has_changed_runs_again(known, change):
    file, old, new, expected = CHANGES[change]
    text = (known / file).read_text()
    assert old in text
    (known / file).write_text(text.replace(old, new, 1) if old else new)
    assert again(known) == expected


RUNNER = ("run", "verdicts", "closure", "exports", "session", "forks", "control", "catchers", "bed", "planted")


def test_another_runner_tries_all_again(known):
    before = (known / "tests/mutants/verdicts.txt").read_text()
    assert {f"{name}.py" for name in RUNNER} == {path.name for path in (known / "tests/mutants").glob("*.py")}
    for name in RUNNER:
        path = known / f"tests/mutants/{name}.py"
        text = path.read_text()
        path.write_text(text + "# changed\n")
        assert again(known) == {*CATCHERS}, name
        path.write_text(text)
    claim(known, CATCHERS)
    assert (known / "tests/mutants/verdicts.txt").read_text() == before


def test_what_is_installed_otherwise_than_it_is_said_counts(known):
    """`make env CONSTRAINTS=` takes the newest versions."""
    metadata = "importlib.metadata.version = lambda name: '99' if name == 'pytest' else '1'\n"
    (known / "constraints.txt").write_text("pytest==1\nno-such-package==1\n")
    pinned, newer = (ask(known, code + "print(*chain(*versions().values()))") for code in ("", metadata))
    assert pinned == ["no-such-package==1", "pytest==1", f"pytest=={pytest.__version__}"]
    assert newer == ["no-such-package==1", "pytest==1", "pytest==99"]
    other = ("", "sys.version_info = (3, 99)\n", "sys.platform = 'other'\n")
    assert len({*chain(*(ask(known, said + "print(verdicts.common)") for said in other))}) == 3


NEEDS = {"transformers": ["wheels>1", "pytest", "moon; extra == 'space'"], "wheels": ["Axles"], "pytest": ["pluggy"]}


def test_what_an_oracle_alone_needs_counts_where_it_is_asked(known):
    """Its wheels and axles are nobody else's."""
    needs = f"importlib.metadata.requires = {NEEDS}.get\n"
    project = '[project]\nname = "book"\ndependencies = ["pytest"]\noptional-dependencies.test = ["transformers"]\n'
    (known / "pyproject.toml").write_text(project + (known / "pyproject.toml").read_text())
    test, constraints = known / "tests/two/test_two.py", known / "constraints.txt"
    text = test.read_text()
    code = needs + "print(*(b.place + '=' + verdicts.fingerprint(b, caught_by[b.place]) for b in bugs))"
    for how in ("import transformers", "from transformers import Wheel", 'import_module("transformers.wheel")'):
        test.write_text(f"{text}\n\ndef asked():\n    {how}\n")
        pins = ("axles==1\npluggy==1", "axles==2\npluggy==1", "axles==1\npluggy==2")
        seen = [constraints.write_text(pinned) and {*ask(known, code)} for pinned in pins]
        assert [line.split("=")[0] for line in seen[1] - seen[0]] == [TWO], how
        assert not seen[2] & seen[0]


def seeds(folder):
    """Bug -> a seed with which it is drawn, of all that are known."""
    code = "for n in range(200):\n    print(n, *(bug.place for bug in sample(bugs, str(n))))"
    words = iter(ask(folder, code))
    return {place: seed for seed, place in zip(words, words, strict=True)}


def test_one_that_is_drawn_runs_and_the_others_are_known(known, run, outcomes):
    drawn = seeds(known)
    assert drawn.keys() == CATCHERS.keys()
    for place in (FOUR, WORDS):
        done = run(known, "--seed", drawn[place])
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith(f"known: 4 of 4, of which 1 run all the same (SEED={drawn[place]})\n")
        assert re.findall(r"^(\S+) +(\S+) +[\d.]+ s  caught$", done.stdout, re.M) == [tuple(place.split(":"))]
        assert done.stdout.endswith("\nplanted bugs: 4 of 4 caught\n")
    assert "SEED=" in run(known).stdout
    assert outcomes(known, "two-off", "four-off").keys() == {"two-off", "four-off"}  # whoever is named runs


def without_a_test(folder):
    """No test looks at `two` any more; yet the record says that its bug is caught."""
    path = folder / "tests/two/test_two.py"
    path.write_text(path.read_text().replace("== 6", "> 0"))
    claim(folder, CATCHERS)
    return seeds(folder)


def test_a_record_that_says_too_much_is_found_when_it_is_drawn(known, run):
    drawn = without_a_test(known)
    done = run(known, "--seed", drawn[TWO])
    assert done.returncode == 1
    assert re.search(r"^seqlib/two.py .* NOT CAUGHT as before, by tests/two/\S+::test_two alone", done.stdout, re.M)
    assert f"the record is wrong, and `make mutants ALL=1` writes it anew: not caught as before {TWO}\n" in done.stdout
    assert done.stdout.endswith("\nplanted bugs: 3 of 4 caught\n")


def test_another_test_that_catches_it_does_not_make_the_record_right(known, run):
    """All tests of the bug together would catch it; the record says of one that it does."""
    path = known / "tests/two/test_two.py"
    path.write_text(path.read_text().replace("== 6", "> 0") + "\n\ndef test_more():\n    assert two(3) == 6\n")
    claim(known, CATCHERS)
    done = run(known, "--seed", seeds(known)[TWO])
    assert done.returncode == 1
    assert "the record is wrong" in done.stdout


def test_what_catches_without_a_bug_too_is_found_when_it_is_drawn(known, run):
    path = known / "tests/two/test_two.py"
    path.write_text(path.read_text().replace("== 6", "== 5"))
    claim(known, CATCHERS)
    done = run(known, "--seed", seeds(known)[TWO])
    assert done.returncode == 1
    assert "catches nothing: without the bug it fails, too" in done.stdout
    assert f"the record is wrong, and `make mutants ALL=1` writes it anew: not caught as before {TWO}\n" in done.stdout


def test_all_of_them_run_and_write_what_is_true(known, run):
    """What is not true goes, and so does what is not seen again."""
    record = known / "tests/mutants/verdicts.txt"
    claim(known, CATCHERS)
    true = set(record.read_text().split())
    without_a_test(known)
    record.write_text(record.read_text() + "0123456789ab\n")
    done = run(known, "--all", "--remember")
    assert done.returncode == 1
    assert "known:" not in done.stdout
    assert re.search(r"^seqlib/two.py .* NOT CAUGHT by tests/two/test_two.py$", done.stdout, re.M)
    written = record.read_text().split()
    assert written == sorted(written)
    assert len(written) == 3
    assert set(written) < true
    assert again(known) == {TWO}


def test_one_that_runs_is_added_and_what_was_known_stays(known, run):
    record = known / "tests/mutants/verdicts.txt"
    true = set(record.read_text().split())
    record.write_text("0123456789ab\n")
    run(known, "two-off", "--remember")
    kept, *others = record.read_text().split()
    assert kept == "0123456789ab"
    assert len(others) == 1
    assert set(others) < true
    run(known, "four-off")
    assert len(record.read_text().split()) == 2  # nobody asked for it


def test_what_only_all_its_tests_have_caught_is_not_known_yet(known, run):
    (known / "tests/mutants/caught_by.json").unlink()
    record = known / "tests/mutants/verdicts.txt"
    record.unlink()
    assert run(known, "two-off", "--remember").returncode == 0
    assert record.read_text() == ""
    assert run(known, "two-off", "--remember").returncode == 0
    assert again(known) == {*CATCHERS} - {TWO}


HIDDEN = {
    "chapters/assignments/01_one.ipynb": "open('chapters/' + f'assignments/0{x}_one' + '.ipynb').close()",
    "seqlib/four.py": "__import__('seqlib.' + 'four')",  # what is read is what was compiled of it
}


@pytest.mark.parametrize("file", HIDDEN)
def test_a_test_that_reads_what_nobody_can_tell_runs_each_time(known, run, file):
    path = known / "tests/two/test_two.py"
    path.write_text(path.read_text().replace("():\n", f"(x=1):\n    {HIDDEN[file]}\n"))
    (known / "tests/mutants/verdicts.txt").unlink()
    done = run(known, "--all", "--remember")
    assert done.returncode == 0
    said = f"{TWO} will run each time: {CATCHERS[TWO]} reads what closure.py does not find, {file}\n"
    assert said in done.stdout
    assert again(known) == {TWO}
