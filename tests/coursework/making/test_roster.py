"""A list of students, as Canvas, Moodle and spreadsheets write it."""

import pytest

from coursework.making.roster import Roster, import_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 0 (11),01 Sequences (4711),Current Score
    Points Possible,,,,,10,21,(read only)
"O'Neil, Ben",102,u-2,ben,Group 1,9,,90
"Özil, Amina",101,u-1,amina,Group 1,10,,95
"Student, Test",999,,3f2a,Group 1,,,
"""
MOODLE = """\
First name,Last name,ID number,Email address
Amina,Özil,0012,amina@uni.example
Ben,O'Neil,0013,ben@uni.example
"""


def write(folder, text, encoding="utf8"):
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_canvas(own, tmp_path):
    from nbgrader.api import Gradebook

    said = []
    assert import_roster(own, write(tmp_path, CANVAS), say=said.append) == ["ben", "amina"]
    roster = Roster.of(own)
    assert roster.students["amina"] == {
        "name": "Özil, Amina", "canvas": "101", "number": "u-1", "username": "amina", "section": "Group 1"
    }  # fmt: skip
    assert roster.canvas == ["Homework 0 (11)", "01 Sequences (4711)"]
    with Gradebook(own.database) as book:
        amina = book.find_student("amina")
        assert (amina.first_name, amina.last_name, amina.lms_user_id) == ("Amina", "Özil", "101")
    assert said == ["2 students, 2 of them new; the column 'SIS Login ID' names their folders in submitted/"]


@pytest.mark.parametrize(
    ("encoding", "parted", "told"),
    [("utf8", ",", False), ("utf-8-sig", ";", False), ("utf-16", "\t", False), ("latin-1", ";", True)],
)
def test_moodle_as_spreadsheets_save_it(own, tmp_path, encoding, parted, told):
    said = []
    path = write(tmp_path, MOODLE.replace(",", parted), encoding)
    assert import_roster(own, path, say=said.append) == ["0012", "0013"]
    assert Roster.of(own).students["0012"]["last"] == "Özil"
    assert any("not in UTF-8" in sentence for sentence in said) is told
    assert import_roster(own, path, by="email address", say=str) == ["amina@uni.example", "ben@uni.example"]
    path = write(tmp_path, "student,name\ncem,Cem\n".replace(",", parted), encoding)
    assert import_roster(own, path, say=str) == ["cem"], "the first column's name has no mark of an encoding"


def test_a_table_of_ones_own_and_what_is_odd_in_it(own, tmp_path):
    said = []
    text = "student;name\r\namina;Amina Ö\r\n\r\n;nobody\r\namina;again\r\n../x;Eve\r\n"
    assert import_roster(own, write(tmp_path, text), say=said.append) == ["amina", "../x"]
    assert Roster.of(own).students["amina"] == {"student": "amina", "name": "Amina Ö"}
    assert [sentence.split(" ")[1].rstrip(":") for sentence in said[1:]] == ["4", "5", "6"]


def test_a_second_list_adds_to_the_first(own, tmp_path):
    import_roster(own, write(tmp_path, CANVAS), say=str)
    said = []
    import_roster(own, write(tmp_path, "student,email\namina,a@uni.example\ncem,c@uni.example\n"), say=said.append)
    assert said[0].startswith("2 students, 1 of them new")
    students = Roster.of(own).students
    assert sorted(students) == ["amina", "ben", "cem"]
    assert (students["amina"]["email"], students["amina"]["canvas"]) == ("a@uni.example", "101")
    assert Roster.of(own).canvas[1] == "01 Sequences (4711)"


@pytest.mark.parametrize(
    ("text", "by", "says"),
    [
        ("", None, "is empty"),
        ("Vorname,Nachname\nA,B\n", None, "no column of names.*Vorname, Nachname"),
        ("student\n\n", None, "has no students"),
        ("student,x\na,b\n", "login", "by must be a column.*student, x"),
    ],
)
def test_what_is_no_list_says_what_is_needed(own, tmp_path, text, by, says):
    with pytest.raises(ValueError, match=says):
        import_roster(own, write(tmp_path, text), by=by)
    assert not (own.folder / "roster.json").exists()


def test_a_roster_that_cannot_be_read_says_so(own):
    (own.folder / "roster.json").write_text("half a ros")
    with pytest.raises(ValueError, match="import the list again"):
        Roster.of(own)
