"""The record of the chapters, the notebooks and the table of contents say the same."""

import importlib.util
import re

import pytest
import yaml


@pytest.fixture(scope="session")
def record(root):
    """The extension that makes the ledger, as a module."""
    spec = importlib.util.spec_from_file_location("record", root / "book/_ext/record.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_notebook_has_a_record_and_stands_in_the_contents(record, chapters, root):
    listed = [chapter["file"] for _, chapter in record.chapters()]
    assert listed == [chapter.name for chapter in chapters]
    toc = yaml.safe_load((root / "_toc.yml").read_text())
    files = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    assert [f.partition("/")[2] for f in files if f.startswith("chapters/")] == listed
    assert [number for number, _ in record.chapters()] == [int(name[:2]) for name in listed]


def test_titles_are_those_of_the_notebooks(record, chapters):
    for chapter, (_, written) in zip(chapters, record.chapters(), strict=True):
        assert chapter.text.startswith(f"# {written['title']}\n")


def test_each_chapter_measures_its_claims_and_states_them(record, chapters):
    for chapter, (_, written) in zip(chapters, record.chapters(), strict=True):
        found = record.verdicts(chapter.printed)
        assert set(found) == set(written["claims"]), chapter.name
        for id, (verdict, arms) in found.items():
            assert verdict in {"supported", "not supported", "supported with conditions", "undecided"}
            assert arms, f"{id} has no arms"
            assert f"### {id}:" in chapter.text, f"{id} is not stated in the text"


def test_every_verdict_line_is_read(record, chapters):
    for chapter in chapters:
        assert len(record.verdicts(chapter.printed)) == chapter.printed.count("⚖ ")
        assert len(record.HYPOTHESIS.findall(chapter.printed)) == chapter.printed.count("◇ ")


def test_every_chapter_states_a_hypothesis(chapters):
    for chapter in chapters:
        assert re.search("^◇ ", chapter.printed, flags=re.M), chapter.name


def test_a_wrong_record_is_told(record, tmp_path):
    path = tmp_path / "chapters.yml"
    path.write_text("- part: I\n  chapters:\n    - title: A\n      file: 01_a\n")
    with pytest.raises(ValueError, match="'A' lacks assignment, claims, cpu, gives, needs, question, weeks"):
        record.records(path)
    path.write_text("- part: I\n  chapters:\n    - title: A\n      minute: 3\n")
    with pytest.raises(ValueError, match="fields that nobody reads: minute"):
        record.records(path)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("cpu", "soon", "cpu of 'A' must be a number, got 'soon'"),
        ("claims", ["memory"], "claims of 'A' must be a table"),
        ("needs", "", "needs of 'A' must be a text, got ''"),
        ("weeks", ["one"], "weeks of 'A' must be two"),
    ],
)
def test_a_field_of_the_wrong_kind_is_told(record, tmp_path, field, value, told):
    good = {"file": "01_a", "title": "A", "needs": "b", "gives": "c", "weeks": ["d", "e"], "cpu": 1, "assignment": 2}
    good |= {"claims": {"id": "sentence"}, "question": "f"}
    path = tmp_path / "chapters.yml"
    path.write_text(yaml.safe_dump([{"part": "I", "chapters": [good]}]))
    assert record.records(path)[0]["chapters"] == [good]
    path.write_text(yaml.safe_dump([{"part": "I", "chapters": [good | {"claims": {}}]}]))
    assert record.records(path)[0]["chapters"][0]["claims"] == {}, "a chapter may try hypotheses of its own alone"
    path.write_text(yaml.safe_dump([{"part": "I", "chapters": [good | {field: value}]}]))
    with pytest.raises(ValueError, match=told):
        record.records(path)


def test_every_chapter_has_an_assignment_with_problems(record, root):
    ready = [c["file"] for _, c in record.chapters()]
    assert [path.stem for path in sorted((root / "chapters/assignments").glob("*.ipynb"))] == ready
    folders = [path.name for path in (root / "coursework/problems").glob("[0-9]*") if any(path.glob("*.py"))]
    assert sorted(folders) == ready


def test_every_part_of_the_contents_has_chapters(root):
    for part in yaml.safe_load((root / "_toc.yml").read_text())["parts"]:
        assert part["chapters"], f"{part['caption']} has no chapter yet: leave it out of _toc.yml"


def test_reading_time_counts_words_and_open_code(record):
    text = {"cell_type": "markdown", "source": ["word " * 2200]}
    solution = {"cell_type": "markdown", "source": [":::{dropdown} Solution\n" + "word " * 2200 + "\n:::\n"]}
    code = {"cell_type": "code", "metadata": {}, "source": []}
    folded = {"cell_type": "code", "metadata": {"tags": ["hide-input"]}, "source": []}
    assert record.reading_minutes([text]) == 10
    assert record.reading_minutes([text, *[code] * 5]) == 15
    assert record.reading_minutes([text, *[folded] * 5]) == 10
    assert record.reading_minutes([text, solution]) == 10, "a solution behind a click is not counted"


def test_questions_are_those_of_the_notebooks(record, chapters):
    for chapter, (_, written) in zip(chapters, record.chapters(), strict=True):
        assert written["question"].endswith("?")
        opening = re.match(r"# .+\n\n\*([^*\"]+\?)\*", chapter.text)
        if opening:  # a chapter may open with something else; then the question is only in the record
            assert written["question"] == opening[1].replace("\n", " "), chapter.name
