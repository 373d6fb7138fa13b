"""Each notebook is complete, was run in order, and carries nothing of the machine that ran it."""

import re

import yaml

LONGEST_CELL = 45  # lines
WIDEST_PRINT = 400
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def test_there_are_chapters_and_all_are_in_the_table_of_contents(chapters, root):
    toc = yaml.safe_load((root / "_toc.yml").read_text())
    listed = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    assert [f"chapters/{chapter.name}" for chapter in chapters] == [f for f in listed if f.startswith("chapters/")]
    assert len(chapters) >= 4


def test_every_cell_ran_in_order(chapter):
    counts = [cell["execution_count"] for cell in chapter.code_cells]
    assert counts == list(range(2, len(counts) + 2))  # the first is the cell for Colab


def test_no_error_and_no_stderr(chapter):
    for cell in chapter.code_cells:
        for output in cell["outputs"]:
            assert output["output_type"] != "error", chapter.source(cell)
            assert output.get("name") != "stderr", chapter.source(cell)


def test_metadata_is_minimal(chapter):
    assert chapter.notebook["metadata"] == METADATA
    ids = [cell["id"] for cell in chapter.cells]
    assert len(set(ids)) == len(ids)
    for cell in chapter.cells:
        assert set(cell["metadata"]) <= {"tags", "mystnb"} | ({"jupyter"} if cell["id"] == "colab" else set())


def test_opened_alone_in_colab_it_fetches_the_book(chapter, root):
    cell = chapter.cells[1]
    assert cell["id"] == "colab"
    assert cell["metadata"] == {"tags": ["remove-cell"], "jupyter": {"source_hidden": True}}
    assert cell["outputs"] == []
    repository = yaml.safe_load((root / "_config.yml").read_text())["repository"]
    assert f'book = "{repository["url"]}"\n' in chapter.source(cell)
    assert f"git clone -q --depth 1 -b {repository['branch']} $book /content/book\n" in chapter.source(cell)


def test_nothing_of_a_machine(chapter):
    for bad in (r"sys\.path", r"^[!%]", r"/(home|root|tmp)/", r"https?://", r";\s*$"):
        assert not re.search(bad, chapter.code, flags=re.M), bad


def test_cells_are_short(chapter):
    for cell in chapter.code_cells:
        assert chapter.source(cell).count("\n") < LONGEST_CELL, chapter.source(cell)


def test_only_the_setup_figures_and_checks_are_folded(chapter):
    """What only confirms equations, prepares a figure or makes a table may be folded too: "How …"."""
    for i, cell in enumerate(chapter.code_cells):
        drawn = any("image/png" in output.get("data", {}) for output in cell["outputs"])
        folded = "hide-input" in cell["metadata"].get("tags", [])
        printed = [line for output in cell["outputs"] for line in "".join(output.get("text", "?")).splitlines()]
        prompt = cell["metadata"].get("mystnb", {}).get("code_prompt_show", "")
        checks = prompt.startswith("How ") and all(line.startswith("✓") for line in printed)
        tables = ["".join(output.get("data", {}).get("text/markdown", "")) for output in cell["outputs"]]
        table = prompt.startswith("How ") and any(text.startswith("|") for text in tables)
        assert folded <= (i == 0 or drawn or checks or table), chapter.source(cell)
        only_draws = drawn and chapter.source(cell).startswith("plotting.")
        assert folded >= only_draws, f"fold this cell, it only draws: {chapter.source(cell)[:80]}"


def test_printed_numbers_are_rounded(chapter):
    """More than five significant digits would not come out the same on another machine."""
    assert not re.search(r"\d\.\d{6,}", chapter.printed)
    assert not re.search(r"\be-\d\d\b", re.sub(r"(≤|to) \S+", "", chapter.printed))


def test_links_between_chapters_lead_somewhere(chapter, root):
    for target in re.findall(r"\]\(([^)#:\s]+\.(?:ipynb|md))\)", chapter.text):
        assert (root / "chapters" / target).exists(), target


def test_has_the_parts_of_a_chapter(chapter):
    for heading in ("In seqlib", "What is often said, and what we measured", "Practice", "Summary", "Further reading"):
        assert f"\n## {heading}" in chapter.text, heading
    assert chapter.text.startswith("# ")
    assert "After this chapter you can" in chapter.text
    assert "show(" in chapter.code


def test_has_experiments_over_seeds_with_floor_and_chance(chapter):
    assert "repeat(" in chapter.code
    assert "floor=" in chapter.code
    assert "chance=" in chapter.code
