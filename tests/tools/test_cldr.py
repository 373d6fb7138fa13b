"""The extract of Unicode CLDR: what is stored is what the tool takes from Babel."""

import importlib.util
import json
from pathlib import Path

import babel

from seqlib.tasks import cldr

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_stored_is_what_babel_has():
    """With Babel 2.18 letter by letter; another version has other data, but nearly all of it stays."""
    spec = importlib.util.spec_from_file_location("tools_cldr", ROOT / "tools/cldr.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert ROOT / cldr.FILE.relative_to(Path(cldr.__file__).parents[2]) == tool.FILE
    text, made = cldr.FILE.read_text(encoding="utf8"), tool.extract()
    if babel.__version__ == "2.18.0":
        assert text == json.dumps(made, ensure_ascii=False, indent=1) + "\n"
        return
    stored = json.loads(text)
    for kind in ("units", "territories", "languages"):
        same = sum(made[kind].get(key) == value for key, value in stored[kind].items())
        assert same > 0.8 * len(stored[kind])
