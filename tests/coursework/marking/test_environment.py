"""What a mark depends on beside the submission is noticed when it changes, and nothing else is."""

from coursework.marking.environment import changes, environment


def test_nothing_changes_by_itself_or_by_work_that_is_handed_in(own):
    before = environment(own)
    (own.folder / "submitted" / "a").mkdir(parents=True, exist_ok=True)
    (own.folder / "submitted" / "a" / "work.py").write_text("x = 1")
    assert environment(own) == before
    assert {"python", "numpy", "torch", "ipython", "seqlib", "coursework", "families"} == set(before)
    assert changes(before, environment(own)) == []


def test_a_mended_family_is_another_environment(own):
    before = environment(own)
    family = next((own.folder / "families").glob("*/*.py"))
    family.write_text(family.read_text() + "\n# mended\n")
    assert changes(before, environment(own)) == ["families"]


def test_another_version_is_told_with_both():
    before, now = {"numpy": "1.0", "seqlib": "a"}, {"numpy": "2.0", "seqlib": "b"}
    assert changes(before, now) == ["numpy 1.0 -> 2.0", "seqlib"]
    assert changes({}, {"python": "3.11.2"}) == ["python unknown -> 3.11.2"]
