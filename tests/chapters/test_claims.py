"""The ledger and the notebooks say the same."""

import re

OF_CHAPTER = {
    "01_sequences": {"memory-window"},
    "02_rnn": {"shared-weight", "loss-to-zero"},
    "03_bptt": {"full-bptt-infeasible"},
    "04_gradients": {"eigenvalues-decide", "saturation-vanishes", "exploding-never-learns"},
}
VERDICT = r"(supported with conditions|not supported|supported)"


def verdicts(chapter):
    """The claims that a chapter printed, with their verdicts."""
    return dict(re.findall(rf"^⚖ (\S+): {VERDICT}", chapter.printed, flags=re.M))


def ledger(root):
    """id -> (verdict, what was measured, chapter) of every row of the ledger."""
    rows = re.findall(
        r"^\| ([a-z-]+) \|[^|]+\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", (root / "book/claims.md").read_text(), re.M
    )
    return {row[0]: row[1:] for row in rows if row[0] != "id"}


def test_each_chapter_measures_its_claims(chapter):
    assert set(verdicts(chapter)) == OF_CHAPTER[chapter.name]
    for id in OF_CHAPTER[chapter.name]:
        assert id in chapter.text, f"{id} is not stated in the text"


def test_the_ledger_says_what_the_notebooks_say(chapters, root):
    rows = ledger(root)
    assert set(rows) == set().union(*OF_CHAPTER.values())
    for chapter in chapters:
        for id, verdict in verdicts(chapter).items():
            assert re.match(VERDICT, rows[id][0]).group() == verdict, id
            assert chapter.name in rows[id][2], id
            assert len(rows[id][1].split()) > 5, f"{id}: say what was measured"
