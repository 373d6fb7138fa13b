"""The teacher's guide: each of its commands, in its order, in a fresh folder, with a class of five, and a browser."""

import contextlib
import csv
import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from coursework.making.assignment import assignments
from coursework.making.course import Course

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "book/teaching.md").read_text(encoding="utf8")
BLOCKS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
SECRET = "a sentence that the teacher keeps"
NAME = "01_sequences"
ALSO = "02_rnn"  # two assignments show all that ten would, and chapters to come cost nothing here
CLASS = ["amina", "ben", "cleo", "dan", "eve", "fay"]  # fay hands in nothing
EXPORTED = "Student,ID,SIS User ID,SIS Login ID,Section,01_sequences (77)\nPoints Possible,,,,,21\n" + "".join(
    f'"{name.title()}, {name[0].upper()}",{100 + k},u{k},{name},A,\n' for k, name in enumerate(CLASS)
)


class Desk:
    """A folder with the repository in it, a home with a Downloads, and a terminal that remembers its environment."""

    def __init__(self, folder):
        self.repository, self.home = folder / "repository", folder / "home"
        self.downloads = self.home / "Downloads"
        self.downloads.mkdir(parents=True)
        self.repository.mkdir()
        for path in ROOT.iterdir():
            if path.name not in (".venv", "_build", ".git", "chapters"):
                (self.repository / path.name).symlink_to(path)
        (self.repository / "chapters/assignments").mkdir(parents=True)
        for name in (NAME, ALSO):
            path = ROOT / "chapters/assignments" / f"{name}.ipynb"
            (self.repository / "chapters/assignments" / path.name).symlink_to(path)
        (self.repository / ".venv").mkdir()
        for path in (ROOT / ".venv").resolve().iterdir():
            if path.name != ".ready":
                (self.repository / ".venv" / path.name).symlink_to(path)
        (self.repository / ".venv/.ready").touch()
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]
        jupyter = self.home / "jupyter"
        jupyter.mkdir()
        (jupyter / "jupyter_server_config.py").write_text(
            "c.ServerApp.allow_root = True\nc.ServerApp.open_browser = False\nc.IdentityProvider.token = 'token'\n"
            f"c.ServerApp.port = {self.port}\nc.ServerApp.port_retries = 0\n"
            "c.LabApp.news_url = None\nc.LabApp.check_for_updates_class = 'jupyterlab.NeverCheckForUpdate'\n"
        )
        self.environment = os.environ | {"HOME": str(self.home), "OMP_NUM_THREADS": "1"}
        self.environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])
        self.environment |= {f"JUPYTER_{kind}_DIR": str(jupyter) for kind in ("CONFIG", "DATA", "RUNTIME")}
        self.course = Course(self.repository / "_build/course")

    def command(self, block):
        """A block of commands that stops at the first that fails, and leaves its environment behind."""
        return ["bash", "-e", "-c", f'{block}\nenv -0 > "$HOME/state"']

    def type(self, block):
        """Carry it out; return what the terminal shows."""
        done = subprocess.run(
            self.command(block),
            cwd=self.repository,
            env=self.environment,
            input=SECRET + "\n",
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        state = (self.home / "state").read_text().split("\0")
        self.environment = dict(pair.split("=", 1) for pair in state if "=" in pair)
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def walk(tmp_path_factory, chromium):
    """The whole guide: what each block showed and how long it took, and the desk afterwards."""
    desk = Desk(tmp_path_factory.mktemp("guide"))
    shown, seconds = {}, {}
    (desk.downloads / "students.csv").write_text(EXPORTED)
    for block in BLOCKS:
        begin = time.monotonic()
        if "zip_collect" in block:
            hand_in(desk)
        if "jupyter lab" in block:
            shown[block] = ""
            with contextlib.suppress(pytest.skip.Exception), chromium() as browser:
                shown[block] = in_formgrader(desk, block, browser)
        else:
            shown[block] = desk.type(block)
        seconds[block] = time.monotonic() - begin
        if "generate_feedback" in block:  # whoever is judged anew later gets it anew
            shutil.copytree(desk.course.folder / "feedback", desk.home / "feedback")
        if "export" in block:
            shutil.copy(desk.downloads / "marks.csv", desk.home / "first.csv")
    return desk, shown, seconds


def hand_in(desk):
    """Five students solve what was handed out, and Canvas makes an archive of it."""
    with zipfile.ZipFile(desk.downloads / f"{NAME}.zip") as archive:
        assert archive.read(f"{NAME}/checks.json")
        released = json.loads(archive.read(f"{NAME}/{NAME}.ipynb"))
    problems = desk.course.assignment(NAME).problems
    right = {p.name: p.solutions(p.variant(SECRET))[1] for p in problems}
    handed = {
        "amina_100_900_01_sequences.ipynb": solved(released, right | {"window-conclusion": "I saw it fall."}),
        "ben_LATE_101_901_01_sequences.ipynb": solved(released, {problems[0].name: right[problems[0].name]}),
        "cleo_102_902_01_sequences.ipynb": solved(released, {}),
        "dan_103_903_01_sequences.ipynb": "no notebook at all",
        "eve_104_904_01_sequences-2.ipynb": solved(released, right),
    }
    with zipfile.ZipFile(desk.downloads / "submissions.zip", "w") as archive:
        for name, text in handed.items():
            archive.writestr(name, text)


def solved(notebook, sources):
    """A notebook with these sources in its cells."""
    notebook = json.loads(json.dumps(notebook))
    for cell in notebook["cells"]:
        cell["source"] = sources.get(cell["metadata"]["nbgrader"]["grade_id"], cell["source"])
    return json.dumps(notebook)


def in_formgrader(desk, block, browser):
    """The teacher's clicks, from the first page to the points of a conclusion."""
    server = subprocess.Popen(
        desk.command(block),
        cwd=desk.repository,
        env=desk.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(lambda: socket.create_connection(("127.0.0.1", desk.port), 1).close(), 60)
        page = browser.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"http://127.0.0.1:{desk.port}/?token=token")  # the address that the terminal shows, and opens
        page.click("a:text-is('Manual Grading')")
        for link in (NAME, NAME):  # the assignment, its notebook
            page.click(f"table a:text-is('{link}')")
        amina = page.locator("table a:text-is('Amina, A')")  # nbgrader draws whose submission has which number
        amina.wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        page.click("#toggle_names")
        amina.click()
        points = page.locator("#window-conclusion")
        page.wait_for_load_state("networkidle")  # whoever reads the conclusion first is slower than that
        with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.request.method == "PUT"):
            points.fill("4")
            points.press("Tab")
        seen = page.inner_text("body")
        page.close()
        return seen
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def until(works, seconds):
    """Wait until something works."""
    end = time.monotonic() + seconds
    while True:
        try:
            return works()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)


def of(shown, *words):
    """What the first block with these words showed."""
    return next(text for block, text in shown.items() if all(word in block for word in words))


def test_every_command_is_carried_out_and_the_walk_takes_less_than_fifteen_minutes(walk):
    _, shown, seconds = walk
    assert list(shown) == list(dict.fromkeys(BLOCKS))
    assert len(shown) >= 12
    assert sum(seconds.values()) < 15 * 60
    assert "Next: hand out release/" in of(shown, "make course\n")
    assert "6 students" in of(shown, "coursework roster")
    assert "is not on the roster" not in of(shown, "zip_collect")
    assert SECRET not in "".join(shown.values())


def test_the_table_for_the_university_holds_everybody_and_what_the_teacher_typed(walk):
    desk, shown, _ = walk
    with (desk.home / "first.csv").open(newline="", encoding="utf8") as file:
        rows = {row["SIS Login ID"]: row["01_sequences (77)"] for row in csv.DictReader(file)}
    by_hand = 4 if of(shown, "jupyter lab") else 0
    assert float(rows["amina"]) == 15 + by_hand
    assert [float(rows[name]) for name in ("ben", "cleo", "dan", "eve")] == [5, 0, 0, 15]
    assert rows["fay"] == ""


def test_the_feedback_says_the_same(walk):
    desk, shown, _ = walk
    (page,) = (desk.home / "feedback/amina" / NAME).glob("*.html")
    text = page.read_text(encoding="utf8")
    assert "right" in text
    assert ("19" if of(shown, "jupyter lab") else "15") in text
    assert len(list((desk.home / "feedback").rglob("*.html"))) == 5


def test_judged_anew_the_marks_are_the_same_and_the_hand_s_too(walk):
    from nbgrader.api import Gradebook

    desk, shown, _ = walk
    assert "amina: 15 of 15" in of(shown, "--again\n")
    with Gradebook(desk.course.database) as book:
        scores = {name: book.find_submission(NAME, name).score for name in CLASS[:5]}
    assert scores == {"amina": 19 if of(shown, "jupyter lab") else 15, "ben": 5, "cleo": 0, "dan": 0, "eve": 15}


def test_the_course_with_a_variant_for_each_has_one_for_each(walk):
    desk, shown, _ = walk
    top = desk.repository / "_build/autumn/handout" / NAME
    assert sorted(path.stem for path in top.glob("*.zip")) == [*CLASS, "zoe"]
    assert len({path.read_bytes() for path in top.rglob("*.ipynb")}) == 7
    assert of(shown, "handout zoe").startswith("2 notebooks were drawn")
    assert len(list((desk.repository / "_build/autumn/handout" / ALSO).glob("*.zip"))) == 7


def test_problems_of_ones_own_become_a_course(walk):
    desk, shown, _ = walk
    assert "All is well, over 5 secrets" in of(shown, "FAMILIES", "NAME=mine")
    assert (desk.repository / "_build/my-course/release/01_mine/01_mine.ipynb").exists()


def test_the_guide_counts_the_forms_of_a_problem_and_the_kinds_of_the_class_as_they_are(kinds):
    said, templates = " ".join(GUIDE.split()), ROOT / "chapters/assignments"
    forms = [math.prod(map(len, problem.forms.values())) for a in assignments(templates) for problem in a.problems]
    assert f"between {min(forms)} and {max(forms)} forms" in said
    assert f"{len(kinds.KINDS)} kinds in all" in said
