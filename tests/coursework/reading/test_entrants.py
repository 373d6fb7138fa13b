"""Everyone who handed in has a name that no other has, and what lies astray is told."""

import unicodedata

import pytest

from coursework.making.course import Course
from coursework.making.roster import Roster
from coursework.reading.entrants import Entrants
from coursework.showing import clean

NAME = "01_sequences"


@pytest.fixture
def course(tmp_path):
    """A folder that is a course as far as it matters here."""
    return Course(tmp_path)


def hand_in(course, *students):
    for student in students:
        (course.folder / "submitted" / student / NAME).mkdir(parents=True)


def test_usual_names_stay_as_they_are(course):
    names = ["amina", "ben.o-neil", "s0123", "josé", "x@uni.example"]
    hand_in(course, *names)
    entrants = Entrants(course, NAME)
    assert entrants.students == {name: name for name in names}
    assert not any(entrants.notes.values())
    assert entrants.astray == {}


@pytest.mark.parametrize(
    "alike",
    [
        ("amina", "Amina", "AMINA"),
        (unicodedata.normalize("NFC", "josé"), unicodedata.normalize("NFD", "josé")),
        ("straße", "STRASSE"),
        ("a\udce9", "a\\udce9"),
        ("b" * 250, "b" * 249),
        ("<b>x", "<i>x"),
        ("amina", "Amina", clean.name("amina ")[0], "amina "),
    ],
)
def test_names_that_look_alike_are_told_apart(course, alike):
    hand_in(course, *alike)
    first, again = Entrants(course, NAME), Entrants(course, NAME)
    assert first.students == again.students
    assert len(first.students) == len(alike)
    looks = {unicodedata.normalize("NFKC", name).casefold() for name in first.students.values()}
    assert len(looks) == len(alike), first.students
    assert all(clean.name(name)[1] and len(name) < 100 for name in first.students.values())
    assert sum(bool(notes) for notes in first.notes.values()) >= len(alike) // 2


def test_of_names_that_look_alike_the_one_that_is_known_stays(course):
    hand_in(course, "Amina", "amina")
    assert Entrants(course, NAME).students["Amina"] == "Amina"  # by the alphabet
    grades = course.folder / "grades" / NAME
    grades.mkdir(parents=True)
    (grades / "amina.json").write_text("{}")
    assert Entrants(course, NAME).students["amina"] == "amina"
    Roster({"Amina": {}}).keep(course)
    students = Entrants(course, NAME).students
    assert students["Amina"] == "Amina"
    assert students["amina"].startswith("amina-")


@pytest.mark.parametrize("folder", [unicodedata.normalize("NFD", "josé"), "JOSÉ"])
def test_a_folder_that_the_roster_spells_otherwise_is_that_students(course, folder):
    name = unicodedata.normalize("NFC", "josé")
    hand_in(course, folder)
    Roster({name: {}}).keep(course)
    entrants = Entrants(course, NAME)
    assert entrants.students == {folder: name}
    assert "the roster spells" in entrants.notes[name][0]
    hand_in(course, name)
    students = Entrants(course, NAME).students
    assert students[name] == name
    assert students[folder] not in (name, folder)


def test_one_who_comes_later_takes_nobodys_name(course):
    hand_in(course, "amina", "Amina")
    taken = Entrants(course, NAME).students["amina"]
    hand_in(course, taken)
    students = Entrants(course, NAME).students
    assert len(set(students.values())) == 3


@pytest.mark.parametrize(
    "astray", ["ben/01_sequences.ipynb", "ben/01-Sequences/x", "ben/01 sequences.IPYNB", "01_sequences.ipynb"]
)
def test_what_lies_elsewhere_is_told(course, astray):
    path = course.folder / "submitted" / astray
    path.parent.mkdir(parents=True)
    path.mkdir() if astray.endswith("/x") else path.write_text("{}")
    entrants = Entrants(course, NAME)
    assert entrants.students == {}
    (said,) = entrants.astray.values()
    assert f"/{NAME}/" in said
    assert "move" in said


def test_other_assignments_and_hidden_folders_are_not_astray(course):
    for path in ("ben/02_rnn", ".ipynb_checkpoints/01_sequences.ipynb"):
        (course.folder / "submitted" / path).mkdir(parents=True)
    assert Entrants(course, NAME).astray == {}
