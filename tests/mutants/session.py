"""What happens in a fork: the tests of a mutant run in a copy of the tree, and what they see is written down."""

import contextlib
import gc
import importlib.util
import io
import json
import os
import sys
import tempfile
from pathlib import Path
from types import FrameType

import hypothesis.configuration
import pytest
from bed import Bed
from forks import NOT_STARTED
from hypothesis import Phase, settings
from planted import ROOT, Mutant

NO_MUTANT = 71  # beside pytest's own exit codes, and NOT_STARTED
# pytest minds that hypothesis was imported before it could rewrite its asserts. How a test failed, Python says: for
# pytest's own words each line of it is looked for in every module that was imported.
OPTIONS = ["-x", "-q", "--tb=native", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
# Of the plugins that are installed beside pytest, only that of hypothesis: the others are not even looked for.
OPTIONS += ["-p", "_hypothesis_pytestplugin"]
NO_OTHERS = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
# Of pytest's own, those that no test of a mutant needs; two of them collect all garbage twice.
UNUSED = ("cacheprovider", "threadexception", "unraisableexception")
OPTIONS += [option for name in UNUSED for option in ("-p", f"no:{name}")]
# Where one of these is set, pytest says of a failed comparison all that differs. For long lists that takes minutes.
IN_FULL = ("CI", "BUILD_NUMBER")
# All examples are tried, the same everywhere; but one that fails is enough, and nobody reads the smallest.
settings.register_profile(
    "mutants", phases=(Phase.explicit, Phase.generate), database=None, print_blob=False, derandomize=True
)


PASSED = "passes"


class Apart:
    """Runs each of some tests in a fork of its own, so that it finds what it finds where it alone is run.

    Only those for whom a fixture is made that others may use, too, run in one fork, for it can take seconds to make.
    Which of them do not pass there, `control` tries alone.
    What became of each is written to a file, a line for a test; the last line of a test counts.
    """

    def __init__(self, names: set[str], told: Path) -> None:
        self.names, self.told, self.end = names, told, PASSED

    def tell(self, item: pytest.Item, end: str) -> None:
        """Write a line."""
        with self.told.open("a", encoding="utf8") as file:
            file.write(json.dumps([item.nodeid, end]) + "\n")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep those that are asked for."""
        items[:] = [item for item in items if item.nodeid in self.names]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run them all."""
        gc.freeze()
        for item in session.items:
            self.tell(item, "was not reached")
        shared = [item for item in session.items if shares(item)]
        self.run(shared)
        for item in session.items:
            if item not in shared:
                self.run([item])
        return True

    def run(self, items: list[pytest.Item]) -> None:
        """Run these in a fork, one after another."""
        pid = os.fork()
        if pid:
            os.waitpid(pid, 0)
            return
        try:
            for item, following in zip(items, [*items[1:], None], strict=False):
                self.end = PASSED
                self.tell(item, "does not end")
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                self.tell(item, self.end)
        finally:
            os._exit(0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what became of it, if it did not pass."""
        if report.failed:
            self.end = f"fails, too ({' '.join(report.longreprtext.split())[-300:]})"
        elif report.skipped and self.end == PASSED:
            self.end = "is skipped"


def ends(told: Path) -> dict[str, str]:
    """Return what became of each test of whom something was written."""
    lines = told.read_text(encoding="utf8").splitlines() if told.exists() else []
    return dict(json.loads(line) for line in lines)


def shares(item: pytest.Item) -> bool:
    """Whether a fixture of this project that the test needs is made for more than one test."""
    needed = item._fixtureinfo.name2fixturedefs.values()
    return any(fixtures[-1].scope != "function" and fixtures[-1].baseid for fixtures in needed)


class Watch:
    """Lets quick tests run before slow ones, and notes what kept a test from being collected or set up."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.broken, self.failed = seconds, "", ""

    def pytest_configure(self) -> None:
        """A test that starts pytest starts the usual one."""
        os.environ.pop(NO_OTHERS, None)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort by the seconds that tests took for earlier mutants; those that nobody knows come first."""
        items.sort(key=lambda item: round(self.seconds.get(item.nodeid, 0), 1))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how long a test took, and which one failed."""
        self.failed = report.nodeid if report.failed else self.failed
        if report.when == "call":
            self.seconds[report.nodeid] = report.duration

    def pytest_exception_interact(self, node: pytest.Item, call: pytest.CallInfo, report: pytest.TestReport) -> None:
        """Keep an import that failed before the test itself began."""
        error = call.excinfo and call.excinfo.value
        cause = getattr(error, "__cause__", None) or error  # while collecting, pytest says it in its own words
        if getattr(report, "when", "collect") in ("collect", "setup") and isinstance(cause, ImportError | SyntaxError):
            self.broken = f"{node.nodeid}: {type(cause).__name__}: {cause}"


def why_not_imported(file: str) -> str:
    """In the fork: return why the module of a file cannot be imported, or nothing if it can."""
    path = Path(file)
    names = path.with_suffix("").parts
    try:
        if path.suffix == ".py":
            compile(path.read_text(encoding="utf8"), file, "exec")
            if all(name.isidentifier() for name in names):
                importlib.import_module(".".join(names).removesuffix(".__init__"))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def enter(tree: Path, folder: Path) -> None:
    """In the fork: be at home in the tree, as one who starts there; hypothesis keeps its files in the folder."""
    os.chdir(tree)
    sys.path[0] = str(tree)
    os.environ["PYTHONPATH"] = str(tree)
    for name in IN_FULL:
        os.environ.pop(name, None)
    hypothesis.configuration.set_hypothesis_home_dir(folder / ".hypothesis")
    settings.load_profile("mutants")


def notice(tree: Path) -> set[tuple[str, ...]]:
    """In the fork: return a set, into which goes every file of the tree that this process opens from now on.

    After its name stand the packages that are being imported while it is opened; itself, if it is that of a package.
    """
    found, root = set[tuple[str, ...]](), f"{tree}/"

    def opened(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and isinstance(details[0], str | bytes):
            path = os.path.abspath(os.fsdecode(details[0]))
            if path.startswith(root):
                folder, _, name = path.removeprefix(root).rpartition("/")
                # what was compiled stands for what it was compiled from
                if folder.endswith("__pycache__"):
                    folder, name = folder.removesuffix("/__pycache__"), f"{name.split('.')[0]}.py"
                file = f"{folder}/{name}".removeprefix("/")
                found.add((file, *sorted(importing(file, root))))

    sys.addaudithook(opened)
    return found


def importing(file: str, root: str) -> set[str]:
    """The packages below `root` that are being imported, now that this file is opened."""
    frame: FrameType | None = sys._getframe(2)
    imported = frame is not None and frame.f_code.co_filename.startswith("<frozen importlib")
    found = {file} if imported and file.endswith("/__init__.py") else set[str]()
    while frame:
        code, frame = frame.f_code, frame.f_back
        if code.co_name == "<module>" and code.co_filename.startswith(root):
            name = code.co_filename.removeprefix(root)
            found |= {name} if name.endswith("/__init__.py") else set()
    return found


def live(bed: Bed, folder: Path) -> list[str]:
    """In the fork: enter the bed, and compile nothing; return the options of pytest for the folder."""
    enter(bed.tree, folder)
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    # a temporary folder of its own: in the common one, two that clean up at once stumble over each other
    return ["--basetemp", str(folder / "pytest")]


def work(mutant: Mutant, tests: list[str], bed: Bed, folder: Path, seconds: dict[str, float]) -> int:
    """In the fork: test the mutant; return pytest's exit code, or NO_MUTANT if it is none. The folder is its own."""
    bed.plant(mutant)
    own = live(bed, folder)
    package = mutant.file.split("/")[0]
    spec = importlib.util.find_spec(package)
    # a file of another folder is read by its path, in the copy
    is_package = (bed.tree / package / "__init__.py").exists()
    origin = Path(spec.origin or "/") if spec else Path("/")
    if is_package and (package in sys.modules or not origin.is_relative_to(bed.tree)):
        print(f"{package} is not imported from the copy, but from {origin}")
        return NOT_STARTED
    watch, read = Watch(dict(seconds)), notice(bed.tree)
    code = int(pytest.main([*OPTIONS, *own, *tests], plugins=[watch]))
    files = [(file, inits) for file, *inits in sorted(read)]
    (folder / "seen").write_text(json.dumps([watch.seconds, watch.failed, files]), encoding="utf8")
    why = code and (why_not_imported(mutant.file) or watch.broken)
    if not why:
        return code
    sys.stdout.flush()
    (folder / "output").write_text(why, encoding="utf8")
    return NO_MUTANT


def control(files: list[str], options: list[str], names: set[str], bed: Bed, folder: Path) -> int:
    """In the fork: run these tests of the files without a bug; what became of each stands in the folder, in `told`."""
    own = live(bed, folder)
    return int(pytest.main([*OPTIONS, *own, *files, *options], plugins=[Watch({}), Apart(names, folder / "told")]))


def collect(files: list[str], base: Path, folder: Path) -> int:
    """In a fork: collect these tests in the tree without a bug. What is compiled for that is there for all copies."""
    enter(base, folder)
    sys.dont_write_bytecode = False
    return int(pytest.main([*OPTIONS, "--collect-only", *files], plugins=[Watch({})]))


def load() -> None:
    """Before forking: import pytest's own plugins, as one does that collects nothing."""
    os.environ[NO_OTHERS] = "1"
    with tempfile.TemporaryDirectory() as empty, contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*OPTIONS, "-c", str(ROOT / "pyproject.toml"), "--rootdir", empty, "--collect-only", empty])
