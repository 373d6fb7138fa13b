"""The public site, its downloads and its search index show no graded solution and no hidden test."""

from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "_build/html"
SECRETS = ("autumn 2026", "a secret of the tests")


@pytest.fixture(scope="module")
def published():
    """Every text of the built site, by its path."""
    if not (SITE / "index.html").exists():
        pytest.fail("the site is not built: run 'make book' first")
    kinds = {".html", ".ipynb", ".md", ".txt", ".json", ".js", ".inv"}
    paths = [p for p in SITE.rglob("*") if p.suffix in kinds]
    return {str(p.relative_to(SITE)): p.read_text(encoding="utf8", errors="replace") for p in paths}


def test_no_graded_problem_is_published(problem, published):
    marks = [f"def {problem.name}", f"class {type(problem).__name__}"]
    for secret in SECRETS:
        for source in problem.solutions(problem.variant(secret)):
            lines = [line.strip() for line in source.splitlines()]
            marks += [line for line in lines if len(line) > 40 and not line.startswith(("def", "#"))]
    for path, text in published.items():
        for mark in marks:
            assert mark not in text, f"{path} shows {mark!r}"


def test_no_mark_scheme_and_no_check_data_is_published(published):
    assert len(published) > 10
    for path, text in published.items():
        for word in ("BEGIN SOLUTION", "MARK SCHEME", '"mistakes":'):
            assert word not in text, f"{path} shows {word!r}"
    assert not [path for path in published if "assignments" in path or path.endswith("checks.json")]
