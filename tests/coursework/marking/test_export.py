"""The table for a university: everyone is on it, nothing in it is a formula, and Canvas and Moodle can read it."""

import csv
import io

import pytest

from coursework.making.roster import Roster, import_roster
from coursework.marking import export as module
from coursework.marking.export import export
from coursework.marking.grader import grade
from coursework.running.sandbox import Limits

FAST = Limits(seconds=2)
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,01 Sequences (4711)
    Points Possible,,,,,21
"Özil, Amina",101,u-1,amina,Group 1,
"O'Neil, Ben",102,u-2,ben,Group 1,
"""
MOODLE = """\
First name,Last name,ID number,Email address,Username
Amina,Özil,0012,amina@uni.example,amina
Ben,O'Neil,0013,ben@uni.example,ben
"""


@pytest.fixture
def handed(own, first, kinds):
    """Of those on the roster one has handed in what is half right and one nothing; a stranger has handed in, too."""
    for student, kind in (("amina", kinds.KINDS[1]), ("stranger", kinds.KINDS[0])):
        kinds.hand_in(own, first, kind, student, 9)
    grade(own, first.name, limits=FAST, say=str)
    return own


def table(course, name, form="plain", **options):
    """The rows of a table, and what was said."""
    said, path = [], course.folder / "table.csv"
    export(course, name, path, form, say=said.append, **options)
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf8"), newline=""))), said


def roster(course, text):
    path = course.folder / "list.csv"
    path.write_text(text, encoding="utf8")
    import_roster(course, path, say=str)


def test_everyone_is_on_the_table(handed, first, kinds):
    roster(handed, MOODLE.replace("ID number", "number"))
    listed = Roster.of(handed)
    listed.students["listed"] = {"name": "in no gradebook"}
    listed.keep(handed)
    kinds.hand_in(handed, first, kinds.KINDS[0], "late", 9)
    (handed.folder / "submitted/lost").mkdir()
    (handed.folder / "submitted/lost" / f"{first.name}.ipynb").write_text("{}")
    rows, said = table(handed, first.name)
    head, *others = rows
    found = {row[0]: dict(zip(head, row, strict=True)) for row in others}
    assert sorted(found) == ["amina", "ben", "late", "listed", "lost", "stranger"]
    assert (found["ben"]["points"], found["ben"]["largest"], found["ben"]["reason"]) == (
        "0.0",
        "21.0",
        "handed in nothing",
    )
    assert "not graded yet" in found["late"]["reason"]
    assert "move the notebook" in found["lost"]["reason"]
    assert (found["amina"]["points"], found["amina"]["by_machine"]) == ("5.0", "5")
    assert any("handed in nothing" in sentence and "ben" in sentence for sentence in said)
    assert any("not on the roster" in sentence and "stranger" in sentence for sentence in said)


def test_students_whom_only_nbgrader_knows_are_on_it_too(handed, first):
    from nbgrader.api import Gradebook

    with Gradebook(handed.database) as book:
        book.update_or_create_student("enrolled")
    rows, _ = table(handed, first.name)
    assert [row[0] for row in rows[1:]] == ["amina", "enrolled", "stranger"]


def test_canvas_reads_it(handed, first):
    """As lib/gradebook_importer.rb of Canvas does: five columns in this order, the last of them Section."""
    roster(handed, CANVAS)
    (head, possible, *rows), said = table(handed, first.name, "canvas")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01 Sequences (4711)"]
    assert possible == ["    Points Possible", "", "", "", "", "21.0"]
    assert rows[0] == ["Özil, Amina", "101", "u-1", "amina", "Group 1", "5.0"]
    assert rows[1] == ["O'Neil, Ben", "102", "u-2", "ben", "Group 1", ""]
    assert not any("Canvas will ask" in sentence for sentence in said)
    assert table(handed, first.name, "canvas", column="Week 1 (9)")[0][0][-1] == "Week 1 (9)"


def test_canvas_without_a_list_of_its_own(handed, first):
    rows, said = table(handed, first.name, "canvas")
    assert rows[2] == ["amina", "", "", "amina", "", "5.0"]
    assert any("Canvas will ask" in sentence for sentence in said)


def test_moodle_reads_it(handed, first):
    """Its import maps one column to the address, the ID number or the login, and another to the grade."""
    roster(handed, MOODLE)
    rows, _ = table(handed, first.name, "moodle")
    assert rows[0] == ["First name", "Last name", "Username", "ID number", "Email address", first.name]
    assert rows[1] == ["Amina", "Özil", "amina", "0012", "amina@uni.example", "5.0"]
    assert rows[2] == ["Ben", "O'Neil", "ben", "0013", "ben@uni.example", ""]


@pytest.mark.parametrize(
    "said",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "x;=1",
        "x; =1",
        "＝1",
        "=cmd|' /C calc'!A0",
        "x\n=1",
    ],
)
def test_no_text_is_a_formula(said):
    """Neither with commas nor with semicolons between the cells, as spreadsheets of other countries read it."""
    line = io.StringIO(newline="")
    csv.writer(line).writerow(["a", module._cell(said), 1])
    for parted in ",;":
        for row in csv.reader(io.StringIO(line.getvalue(), newline=""), delimiter=parted):
            assert not any(cell.strip()[:1] in ("=", "+", "-", "@", "＝") for cell in row if cell.strip()), row
            assert not any(cell[:1] in ("\t", "\r", "\n") for cell in row), row


def test_numbers_and_usual_texts_stay_as_they_are():
    for value in (
        4.5,
        -2,
        0.0,
        "amina",
        "s-1",
        "O'Neil, Ben",
        "f (a): returned -1.0 instead of 2",
        "a@uni.example",
        "",
    ):
        assert module._cell(value) == value


def test_a_table_is_whole_and_an_unknown_form_is_named(handed, first, tmp_path):
    with pytest.raises(ValueError, match="form must be one of plain, canvas, moodle, got 'excel'"):
        export(handed, first.name, tmp_path / "x.csv", "excel")
    with pytest.raises(ValueError, match="assignment must be one of"):
        export(handed, "99_none", tmp_path / "x.csv")
    (handed.folder / "grades" / first.name / "entered" / "amina.json").unlink()
    from nbgrader.api import Gradebook

    with Gradebook(handed.database) as book:
        book.remove_submission(first.name, "amina")
    (tmp_path / "x.csv").write_text("before")
    with pytest.raises(ValueError, match="marks of amina are not in the gradebook"):
        export(handed, first.name, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text() == "before"
    with pytest.raises(FileNotFoundError):
        export(handed, "02_rnn", tmp_path / "nowhere" / "x.csv")
