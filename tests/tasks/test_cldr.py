"""Unicode CLDR: what is stored, and that what is marked as a fault is one. tests/tools/test_cldr.py asks Babel."""

import json
from collections import Counter

import pytest

from seqlib.tasks import cldr


def test_what_is_stored():
    assert {kind: len(cldr.names(kind)) for kind in cldr.KINDS} == {"countries": 294, "languages": 443}
    assert len(cldr.units()) == 2 * 163
    assert {unit.number for unit in cldr.units()} == {"one", "other"}
    assert cldr.Name("SO", "Somalia", "Soomaaliya", "") in cldr.names("countries")
    assert cldr.dates("so").months["wide"][:2] == ["Janaayo", "Febraayo"]
    assert cldr.dates("en").days[0] == "Monday"
    assert cldr.dates("en_GB").formats["short"] == "dd/MM/y"
    assert (cldr.two_units("en"), cldr.two_units("so")) == ("{0}, {1}", "{0} iyo {1}")


def test_what_is_returned_is_the_callers_own():
    how = cldr.dates("so")
    how.formats.clear()
    how.months["wide"].clear()
    how.days.clear()
    assert len(cldr.dates("so").formats) == 4
    assert len(cldr.dates("so").months["wide"]) == 12
    assert len(cldr.dates("so").days) == 7


def test_the_licence_is_beside_it():
    licence = cldr.FILE.with_name("cldr_licence.txt").read_text(encoding="utf8")
    assert "UNICODE LICENSE V3" in licence
    assert "Permission is hereby granted, free of charge" in licence
    assert "Changed:" in licence.split("-----")[0]


def test_faults_are_all_that_can_be_seen_without_knowing_somali():
    marked = cldr.faults()
    assert len(set(marked)) == len(marked)
    of = Counter(fault.fault for fault in marked)
    assert of == {"two spellings": 3, "no number": 10, "no space": 5, "U dhashay": 16}
    for name in marked:
        if name.fault == "no number":
            assert "{0}" in name.english
            assert "{0}" not in name.somali
        if name.fault == "no space":
            assert name.somali.startswith("{0}")
            assert name.somali[3].isalpha()
            assert name.english.startswith("{0} ")
    units = [unit for unit in cldr.units() if not unit.fault]
    assert all({"{0}"} & {*unit.somali.split()} for unit in units), "others have the number, as a word of its own"


def test_the_same_two_words_are_said_of_languages_that_have_nothing_in_common():
    marked = {name.english for name in cldr.faults() if name.fault == "U dhashay"}
    assert {"Ainu", "Aymara", "Balinese"} <= marked
    assert {name.english for name in cldr.names("languages") if "dhashay" in name.somali} == marked


def test_months_are_spelled_in_two_ways():
    alone = json.loads(cldr.FILE.read_text(encoding="utf8"))["dates"]["so"]["months"]["stand-alone"]["wide"]
    spelled = [name for name in cldr.faults() if name.fault == "two spellings"]
    assert [name.english for name in spelled] == ["January", "August", "September"]
    for name in spelled:
        month = cldr.dates("en").months["wide"].index(name.english)
        one, other = name.somali.split(" / ")
        assert one == cldr.dates("so").months["wide"][month] != other
        assert other == alone[month]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: cldr.dates("de"), "locale must be one of 'en', 'en_GB', 'so', got 'de'"),
        (lambda: cldr.two_units("en_GB"), "locale must be one of 'en', 'so'"),
        (lambda: cldr.names("territories"), "kind must be one of 'countries', 'languages'"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
