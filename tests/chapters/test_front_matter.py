"""Notation names code that exists; the bibliography and the citations are the same set; terms are in the glossary."""

import importlib
import re


def resolve(dotted):
    """The object that a dotted name stands for."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            value = getattr(value, name)
        return value
    raise AssertionError(f"{dotted} does not exist")


def test_notation_names_code_that_exists(root):
    text = (root / "book/notation.md").read_text()
    names = re.findall(r"`((?:seqlib|torch)\.[\w.]+)`", text)
    assert len(names) > 20
    for name in names:
        assert resolve(name) is not None


def test_torch_parameter_names_exist():
    from seqlib.nn import RNN

    assert set(RNN(1, 1).state_dict()) == {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}


def test_bibliography_and_citations_are_the_same(chapters, root):
    entries = set(re.findall(r"^@\w+\{([^,\s]+),", (root / "book/references.bib").read_text(), flags=re.M))
    texts = [chapter.text for chapter in chapters] + [page.read_text() for page in (root / "book").glob("*.md")]
    cited = {
        key.strip()
        for text in texts
        for keys in re.findall(r"\{cite(?::\w)?\}`([^`]+)`", text)
        for key in keys.split(",")
    }
    assert entries == cited


def test_terms_are_in_the_glossary(chapters, root):
    glossary = set(re.findall(r"^(\S.*)$", (root / "book/glossary.md").read_text(), flags=re.M))
    for chapter in chapters:
        for term in re.findall(r"\{term\}`([^`]+)`", chapter.text):
            term = re.sub(r".*<(.+)>", r"\1", term)
            assert term in glossary, f"{chapter.name}: {term}"


def test_summaries_name_code_that_exists(chapters):
    for chapter in chapters:
        summary = chapter.text.split("\n## Summary")[1].split("\n## ")[0]
        for name in re.findall(r"`((?:reference|nn|tasks|gradcheck|evidence|training)\.[\w.]+)`", summary):
            resolve(f"seqlib.{name}")


def test_every_module_has_its_api_page(root):
    """A page shows a package; a new module at the top of seqlib needs a page, one in a package is found."""
    pages = {path.stem: path.read_text() for path in (root / "book/api").glob("*.md")}
    shown = {name: re.findall(r"^```\{api\} (\S+)$", text, flags=re.M) for name, text in pages.items()}
    top = {path.stem for path in (root / "seqlib").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert shown == {name: [f"seqlib.{name}"] for name in top - {"__init__"}} | {"coursework": ["coursework"]}
    assert "- glob: book/api/*\n" in (root / "_toc.yml").read_text()
