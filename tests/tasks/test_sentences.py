"""Sentences: as Babel writes them, and alignments found again from the words alone."""

import datetime
from collections import defaultdict

import pytest
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit

from seqlib.tasks.sentences import sentences

KINDS = ("dates", "durations", "quantities", "countries", "languages")
LOCALES = {"en": Locale("en"), "so": Locale("so")}


def spoken(amount, unit, locale):
    return format_unit(int(amount), unit, length="long", locale=locale)


def words():
    """English word -> its Somali words, of months, of days, and of units that have one word; from Babel."""
    found = defaultdict(set)
    for width in ("wide", "abbreviated"):
        for kind in ("months", "days"):
            table = {name: getattr(LOCALES[name], kind)["format"][width] for name in LOCALES}
            british = getattr(Locale("en", "GB"), kind)["format"][width]
            for i, word in table["en"].items():
                found[word].add(table["so"][i])
                found[british[i]].add(table["so"][i])
    for unit in {one.form.partition(" ")[2] for one in sentences("quantities")} | {
        f"duration-{word}" for one in sentences("durations") for word in one.form.split()
    }:
        for n in (1, 3):
            english, somali = (spoken(n, unit, name).replace(str(n), "").split() for name in ("en", "so"))
            if len(english) == 1:
                found[english[0]] |= set(somali)
    return found


WORDS = words()


def linked(one, links):
    """Pairs of words, in the order of the source."""
    return [(one.source[s], one.target[t]) for s, t in sorted(links)]


@pytest.mark.parametrize(("kind", "size", "concepts"), [
    ("dates", 8 * 4383, 4383), ("durations", 7 * 20 + 21 * 400, 8540), ("quantities", 3000, 142),
    ("countries", 294, 294), ("languages", 443, 424),
])  # fmt: skip
def test_how_many_there_are(kind, size, concepts):
    every = sentences(kind)
    assert len(every) == size
    assert len({one.concept for one in every}) == concepts
    assert {one.kind for one in every} == {kind}
    assert len({(one.english, one.somali) for one in every}) == size, "none comes twice"
    assert len({(one.concept, one.form) for one in every}) == size
    every.clear()
    assert sentences(kind), "whoever changes the list does not change what is stored"


def test_dates_are_those_of_babel():
    weekdays = set()
    for one in sentences("dates")[::101]:
        day, (style, locale) = datetime.date.fromisoformat(one.concept), one.form.split()
        assert one.english == format_date(day, style, locale=locale)
        assert one.somali == format_date(day, style, locale="so")
        weekdays.add(day.weekday())
    assert len(weekdays) == 7
    days = sorted({one.concept for one in sentences("dates")})
    assert (days[0], days[1], days[-1]) == ("1970-01-01", "1970-01-06", "2029-12-27")


def test_durations_are_those_of_babel():
    for one in sentences("durations")[::23] + sentences("durations")[:140]:
        parts = one.concept.split()
        for locale, text in (("en", one.english), ("so", one.somali)):
            spelled = [spoken(n, f"duration-{unit}", locale) for n, unit in zip(parts[::2], parts[1::2], strict=True)]
            assert text == format_list(spelled, style="unit", locale=locale)


def test_quantities_are_those_of_babel():
    for one in sentences("quantities"):
        n, unit = one.form.split()
        assert one.english == spoken(n, unit, "en")
        assert one.somali == spoken(n, unit, "so")
        assert not unit.startswith("duration")
        assert one.fault == ("no number" if n not in one.somali else "no space" if n not in one.somali.split() else "")


@pytest.mark.parametrize(("kind", "known"), [("countries", "territories"), ("languages", "languages")])
def test_names_are_those_of_babel(kind, known):
    for one in sentences(kind):
        for locale, text in (("en", one.english), ("so", one.somali)):
            assert text == getattr(LOCALES[locale], known)[one.form]
        assert (one.source, one.target) == (tuple(one.english), tuple(one.somali))
        assert bool(one.fault) == one.somali.startswith("U dhashay")
        assert len(one.possible) == len(one.source) * len(one.target), "of a name nothing more is known"


def test_units_that_are_called_after_one_another_are_one_concept():
    concept = {one.form.partition(" ")[2]: one.concept for one in sentences("quantities")}
    assert concept["volume-cup"] == concept["volume-cup-metric"] != concept["volume-pint"]
    assert concept["mass-ounce-troy"] == concept["mass-ounce"]
    assert concept["energy-calorie"] == concept["energy-foodcalorie"] != concept["energy-kilocalorie"]
    language = {one.form: one.concept for one in sentences("languages")}
    assert language["en"] == language["en_GB"] == language["en_US"] == "English" != language["fr"]
    assert language["na"] == {one.form: one.concept for one in sentences("countries")}["NR"] == "Nauru"


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_make_the_text_again(kind):
    for one in sentences(kind)[::7]:
        for text, tokens, roles in zip((one.english, one.somali), (one.source, one.target), one.roles, strict=True):
            assert "".join(tokens).replace(" ", "") == text.replace(" ", "")
            assert len(roles) == len(tokens)
            assert not any(len(token) > 1 and token.isdigit() and token != "100" for token in tokens)


@pytest.mark.parametrize("kind", ["dates", "durations", "quantities"])
def test_every_sure_link_translates(kind):
    """Digits with the same digit, marks with the same mark, and words with what Babel's tables have for them."""
    shapes = {"square": {"jibaaran"}, "cubic": {"saddex", "jibaaran", "jabbaaran", "jabaaran"}, ",": {",", "iyo"}}
    several = 0
    for one in sentences(kind)[:: 13 if kind == "dates" else 3]:
        assert one.sure <= one.possible
        for s, t in one.sure:
            english, somali = one.source[s], one.target[t]
            if english.isdigit() or english in "/-":
                assert english == somali
            elif one.source[s - 1] in ("square", "cubic"):
                assert one.target[t - 1].isdigit(), "the noun comes first"
            else:
                assert somali in (shapes.get(english) or WORDS[english])
        several += len(one.possible) > len(one.sure)
    assert several or kind == "durations"


def test_dates_of_different_digits_are_linked_again_from_the_words():
    """Where no digit comes twice, equal digits are what belongs together, and so are the k-th mark and the k-th one."""
    found = 0
    for one in sentences("dates"):
        digits = [token for token in one.target if token.isdigit()]
        if len(set(digits)) < len(digits) or len({*filter(str.isdigit, one.source)}) < sum(
            map(str.isdigit, one.source)
        ):
            continue
        found += 1
        expected = {(s, t) for s, a in enumerate(one.source) for t, b in enumerate(one.target)
                    if (a == b if a.isdigit() else b in WORDS[a])}  # fmt: skip
        for mark in ",/":
            places = [[i for i, token in enumerate(side) if token == mark] for side in (one.source, one.target)]
            expected |= set(zip(*places, strict=False))
        assert one.sure == expected
    assert found > 1000


@pytest.mark.parametrize(("kind", "text", "sure", "possible"), [
    ("dates", "8/14/70", [("8", "8"), ("/", "/"), ("1", "1"), ("4", "4"), ("/", "/"), ("7", "7"), ("0", "0")],
     [("8", "0"), ("/", "/"), ("/", "/")]),
    ("durations", "1 day, 12 hours",
     [("1", "1"), ("day", "maalin"), (",", "iyo"), ("1", "1"), ("2", "2"), ("hours", "saacadood")], []),
    ("quantities", "7 square feet", [("7", "7"), ("square", "jibaaran"), ("feet", "fiit")], []),
    ("quantities", "7 cubic feet", [("7", "7"), ("cubic", "saddex"), ("cubic", "jibaaran"), ("feet", "fiit")], []),
    ("quantities", "7 teaspoons", [("7", "7"), ("teaspoons", "malqaacad"), ("teaspoons", "shaah")], []),
    ("quantities", "12 percent", [("1", "1"), ("2", "2"), ("percent", "boqolkiiba")], []),
    ("quantities", "7 metric pints", [("7", "7")],
     [("metric", "metrik"), ("metric", "bint"), ("pints", "metrik"), ("pints", "bint")]),
])  # fmt: skip
def test_alignments_by_hand(kind, text, sure, possible):
    (one,) = [one for one in sentences(kind) if one.english == text]
    assert linked(one, one.sure) == sure
    assert linked(one, one.possible - one.sure) == possible


def crossed(one):
    """Whether two sure links cross: what comes first in the one language comes last in the other."""
    return any(s < u and t > v for s, t in one.sure for u, v in one.sure)


def test_where_the_order_differs():
    """Full and long dates of American English never cross, others do."""
    share = {}
    some = sentences("dates")[::41]
    for form in {one.form for one in some}:
        of = [crossed(one) for one in some if one.form == form]
        share[form] = sum(of) / len(of)
    assert {form for form in share if share[form] == 0} == {"full en", "long en", "medium en_GB", "short en_GB"}
    assert {form for form in share if share[form] == 1} == {"full en_GB", "long en_GB", "medium en", "short en"}
    by_text = {one.english: one for one in sentences("quantities")}
    assert crossed(by_text["5 square feet"])
    assert crossed(by_text["5 percent"])
    assert not crossed(by_text["5 cups"])


def test_a_kind_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match=r"kind must be one of 'dates', .*, got 'times'"):
        sentences("times")
