"""Take from Unicode CLDR, as Babel has it, what seqlib.tasks translates from English into Somali: a small JSON file.

    python tools/cldr.py

It writes seqlib/tasks/cldr.json: formats and words of dates, names of units, territories and languages. The licence of
the data is beside it, in cldr_licence.txt, and a test compares the file with what this makes.
"""

import json
from pathlib import Path

import babel
from babel import Locale
from babel.core import get_cldr_version

FILE = Path(__file__).resolve().parents[1] / "seqlib/tasks/cldr.json"
ENGLISH, BRITISH, SOMALI = (Locale.parse(name) for name in ("en", "en_GB", "so"))
COUNTS = ("one", "other")


def dates(locale: Locale) -> dict:
    """Formats, months from January on and days from Monday on. Months have two forms, in a date and standing alone."""
    months = {
        context: {width: [locale.months[context][width][i] for i in range(1, 13)] for width in ("wide", "abbreviated")}
        for context in ("format", "stand-alone")
    }
    formats = {style: locale.date_formats[style].pattern for style in ("full", "long", "medium", "short")}
    return {"formats": formats, "months": months, "days": [locale.days["format"]["wide"][i] for i in range(7)]}


def units() -> dict:
    """The long names of every unit that has both numbers in both languages, {0} for the amount."""
    found = {}
    for unit in sorted(SOMALI._data["unit_patterns"]):
        forms = [locale._data["unit_patterns"].get(unit, {}).get("long", {}) for locale in (ENGLISH, SOMALI)]
        if all(form.get(count) for form in forms for count in COUNTS):
            found[unit] = {count: [form[count] for form in forms] for count in COUNTS}
    return found


def names(kind: str) -> dict:
    """Code -> the English name and the Somali one, where there are both."""
    english, somali = getattr(ENGLISH, kind), getattr(SOMALI, kind)
    return {code: [english[code], somali[code]] for code in sorted(english) if code in somali}


def extract() -> dict:
    """What is stored."""
    return {
        "made by": f"tools/cldr.py from Unicode CLDR {get_cldr_version()} in Babel {babel.__version__}",
        "dates": {str(locale): dates(locale) for locale in (ENGLISH, BRITISH, SOMALI)},
        "two units": {str(locale): locale.list_patterns["unit"]["2"] for locale in (ENGLISH, SOMALI)},
        "units": units(),
        "territories": names("territories"),
        "languages": names("languages"),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(extract(), ensure_ascii=False, indent=1) + "\n", encoding="utf8")
