"""Unicode CLDR: what is stored is what Babel has, and what is marked as a fault is one."""

import importlib.util
import json
from collections import Counter
from pathlib import Path

import babel
import pytest

from seqlib.tasks import cldr

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made():
    """What tools/cldr.py makes here."""
    spec = importlib.util.spec_from_file_location("tools_cldr", ROOT / "tools/cldr.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.FILE.name == cldr.FILE.name
    return module.extract()


def test_it_is_what_babel_has(made):
    """With Babel 2.18 entry by entry; another version has other data, but nearly all of it stays."""
    stored = json.loads(cldr.FILE.read_text(encoding="utf8"))
    if babel.__version__ == "2.18.0":
        assert stored == made
    else:
        for kind in ("units", "territories", "languages"):
            same = sum(made[kind].get(key) == value for key, value in stored[kind].items())
            assert same > 0.8 * len(stored[kind])


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


def test_months_are_spelled_in_two_ways(made):
    spelled = [name for name in cldr.faults() if name.fault == "two spellings"]
    assert [name.english for name in spelled] == ["January", "August", "September"]
    for name in spelled:
        month = cldr.dates("en").months["wide"].index(name.english)
        one, other = name.somali.split(" / ")
        assert one == cldr.dates("so").months["wide"][month] != other
        assert (
            other
            == json.loads(cldr.FILE.read_text(encoding="utf8"))["dates"]["so"]["months"]["stand-alone"]["wide"][month]
        )


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
