"""Records on disk are whole or not there; those of earlier hand-ins are kept, and the one that counts is known."""

import os

import pytest

from coursework.marking.records import Records, digest, write_json, write_text


@pytest.fixture
def records(tmp_path):
    return Records(tmp_path / "01_sequences")


def record(submission, points, student="amina"):
    return {"student": student, "submission": submission, "points": points, "version": "v", "judged": submission}


def test_what_is_kept_is_found_by_its_student(records):
    assert records.find("amina") is None
    assert records.all() == []
    records.keep(record("first", 3))
    records.keep(record("other", 4, "ben"))
    assert records.find("amina") == record("first", 3)
    assert [one["student"] for one in records.all()] == ["amina", "ben"]
    assert (records.folder / "log").read_text() == "amina v\nben v\n"


def test_half_a_record_is_none(records):
    records.keep(record("first", 3))
    (records.folder / "amina.json").write_text('{"student": "ami')
    assert records.find("amina") is None
    assert records.all() == []


def test_another_hand_in_puts_the_earlier_one_aside_and_the_same_one_does_not(records):
    records.keep(record("first", 3))
    records.keep(record("first", 5))
    assert records.earlier("amina") == []
    records.keep(record("second", 1))
    assert records.earlier("amina") == [record("first", 5)]
    records.renew(record("first", 6))
    assert records.earlier("amina") == [record("first", 6)]
    records.keep(record("first", 6))  # handed in again
    assert records.earlier("amina") == [record("second", 1)]


def test_what_was_entered_counts_and_before_that_the_last(records):
    records.keep(record("first", 3))
    records.keep(record("second", 1))
    assert records.counting("amina") == record("second", 1)
    records.enter(record("first", 3))
    assert records.counting("amina") == record("first", 3)
    assert records.entered("amina") == {"judged": "first", "submission": "first", "points": 3}
    assert records.entered("ben") is None


def test_what_was_begun_is_counted_until_it_comes_to_an_end(records):
    assert [records.begin("amina", version) for version in ("a", "a", "b", "a")] == [0, 1, 0, 2]
    records.forget("amina")
    assert records.begin("amina", "a") == 0
    records.keep(record("first", 3))
    assert records.begin("amina", "a") == 0


def test_settings_are_kept(records):
    assert records.settings == {}
    records.settings = {"best": True}
    assert Records(records.folder).settings == {"best": True}


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_json(path, {"name": "jos\udce9"})
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda number: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_text(path, "new")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"], "nothing half is left"


def test_a_digest_knows_where_a_word_ends():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab", "c") == digest("ab", "c")
