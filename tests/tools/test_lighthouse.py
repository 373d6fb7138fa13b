"""What is made of Lighthouse's reports: medians of runs on a quiet machine, stored with their conditions, and shown."""

import importlib
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tool(monkeypatch):
    """The tool, as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("lighthouse")


@pytest.fixture
def table(monkeypatch):
    """The extension that shows what was stored."""
    monkeypatch.syspath_prepend(str(ROOT / "book/_ext"))
    return importlib.import_module("pages_measured")


def report(tool, performance=0.97, **more):
    """A report as Lighthouse writes it, as far as it is read."""
    audits = {
        "first-contentful-paint": {"title": "Painted", "score": 1, "numericValue": 1234.6},
        "largest-contentful-paint": {
            "title": "Largest",
            "score": 0.89,
            "numericValue": 2345.6,
            "displayValue": "2.3 s",
            "metricSavings": {"LCP": 150, "FCP": 50},
        },
        "total-blocking-time": {"title": "Blocked", "score": 0.9, "numericValue": 210.4},
        "cumulative-layout-shift": {"title": "Shift", "score": None, "numericValue": 0.00123},
        "unused": {"title": "Of no category", "score": 0},
        "network-requests": {
            "details": {
                "items": [
                    {"url": "http://127.0.0.1:1/a.html", "transferSize": 1000},
                    {"url": "data:image/png;base64,AA", "transferSize": 50},
                    {"url": "http://127.0.0.1:1/b.css", "transferSize": 500},
                ]
            }
        },
    }
    refs = [{"id": name} for name in audits if name not in ("unused", "network-requests")]
    categories = {name: {"score": 1, "auditRefs": refs} for name in tool.CATEGORIES}
    categories["performance"] = {"score": performance, "auditRefs": refs}
    return {"categories": categories, "audits": audits, "environment": {"benchmarkIndex": 2733.5}} | more


def test_a_report_becomes_numbers(tool):
    assert tool.scores(report(tool, 0.574)) == {
        "performance": 57,
        "accessibility": 100,
        "best practices": 100,
        "seo": 100,
        "bytes": 1500,
        "requests": 2,
        "first paint, s": 1.23,
        "largest paint, s": 2.35,
        "blocked, ms": 210,
        "shift": 0.001,
        "benchmark": 2734,
    }


def test_what_is_wrong_is_said_in_lighthouse_s_words(tool):
    assert [*tool.faults(report(tool))] == ["largest-contentful-paint: Largest (2.3 s), 200 ms"]


def test_the_median_of_each_number_is_taken_and_all_runs_are_told(tool):
    runs = [tool.scores(report(tool, value)) | {"bytes": size} for value, size in [(0.9, 7), (0.6, 9), (0.8, 8)]]
    found = tool.middle(runs, [0.0, tool.QUIET, 1.0])
    assert (found["performance"], found["bytes"], found["runs"]) == (80, 8, [90, 60, 80])
    with pytest.raises(ValueError, match=r"runs must be odd in number.*there are 2"):
        tool.middle(runs[:2], [0.0, 0.0])


def test_a_busy_machine_says_nothing_of_speed(tool):
    found = tool.middle([tool.scores(report(tool))] * 3, [0.0, tool.QUIET + 0.1, 0.0])
    assert found == {
        "accessibility": 100,
        "best practices": 100,
        "seo": 100,
        "bytes": 1500,
        "requests": 2,
        "shift": 0.001,
    }


def test_a_run_waits_for_quiet_but_not_for_ever(tool):
    clock, loads = iter(range(100)), iter([90.0, 50.0, 5.0, 80.0])
    assert tool.quiet(60, lambda: next(loads), lambda: next(clock)) == 5.0
    clock, loads = iter(range(0, 1000, 25)), iter([90.0, 91.0, 92.0, 93.0, 94.0])
    assert tool.quiet(60, lambda: next(loads), lambda: next(clock)) == 92.0


def test_every_page_is_measured_on_each_device(tool, tmp_path):
    asked, said = [], []

    def look(address, device):
        asked.append((re.sub(r":\d+", "", address), device))
        return report(tool, 0.5 + len(asked) / 100)

    found = tool.measure(["chapters/01_a.html"], 3, lambda: 0.0, look, said.append, tmp_path)
    address = "http://127.0.0.1/chapters/01_a.html"
    assert asked == [(address, "phone")] * 3 + [(address, "desktop")] * 3
    assert [*found] == ["chapters/01_a"]
    assert {device: row["runs"] for device, row in found["chapters/01_a"].items()} == {
        "phone": [51, 52, 53],
        "desktop": [54, 55, 56],
    }
    assert said == [
        "chapters/01_a.html phone: [51, 52, 53] 100 100 100, 1 KB, 2 requests",
        "    largest-contentful-paint: Largest (2.3 s), 200 ms",
        "chapters/01_a.html desktop: [54, 55, 56] 100 100 100, 1 KB, 2 requests",
        "    largest-contentful-paint: Largest (2.3 s), 200 ms",
    ]


def test_busy_others_are_told(tool, tmp_path):
    said = []
    busy = iter([3.0, 44.4, 5.0, 6.0, 7.0, 8.0])
    tool.measure(["a.html"], 3, lambda: next(busy), lambda *_: report(tool), said.append, tmp_path)
    assert said[0].endswith("; others used 44 % of the machine")
    assert said[2].endswith("requests")


def test_the_page_that_leads_on_and_what_is_no_page_are_left_out(tool, tmp_path):
    for name in ("index.html", "book/index.html", "chapters/01_a.html", "_static/x/frame.html", "search.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert tool.pages(tmp_path) == ["book/index.html", "chapters/01_a.html", "search.html"]


def test_lighthouse_is_asked_as_it_should_be_and_its_failures_are_ours(tool, monkeypatch):
    calls, answer = [], {"code": 0, "report": report(tool)}

    def run(command, **options):
        calls.append(command)
        (path,) = (word.partition("=")[2] for word in command if word.startswith("--output-path="))
        Path(path).write_text(json.dumps(answer["report"]))
        return SimpleNamespace(returncode=answer["code"], stderr="no Chrome")

    monkeypatch.setattr(tool.subprocess, "run", run)
    monkeypatch.setenv("CHROMIUM", "/somewhere/chromium")
    assert tool.report("http://x/a.html", "phone") == report(tool)
    assert tool.report("http://x/a.html", "desktop") == report(tool)
    assert ["--preset=desktop" in call for call in calls] == [False, True]
    assert all("--throttling-method=simulate" in call and "http://x/a.html" in call for call in calls)
    answer["report"] = report(tool, runtimeError={"message": "nothing was painted"})
    with pytest.raises(SystemExit, match=r"could not look at http://x/a\.html: nothing was painted"):
        tool.report("http://x/a.html", "phone")
    answer["code"] = 1
    with pytest.raises(SystemExit, match="no Chrome"):
        tool.report("http://x/a.html", "phone")


@pytest.fixture
def stored(tool, tmp_path):
    """What is stored of three pages, one of them measured on a busy machine."""
    rows = [tool.middle([tool.scores(report(tool, value))] * 3, [0.0]) for value in (0.94, 0.99, 0.95, 1.0)]
    busy = tool.middle([tool.scores(report(tool)) | {"bytes": 204_800, "accessibility": 91}], [99.0])
    found = {
        "book/a": {"phone": rows[0], "desktop": rows[1]},
        "search": {"phone": rows[2], "desktop": rows[3]},
        "chapters/01_a": {"phone": busy, "desktop": rows[3]},
    }
    tool.store(found, 3, "12.8.2", tmp_path / "lighthouse.json")
    return json.loads((tmp_path / "lighthouse.json").read_text(encoding="utf8"))


def test_the_conditions_are_stored(stored, tool):
    assert {"what", "lighthouse", "runs", "machine", "load", "date", "commit", "made_by", "pages"} == stored.keys()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", stored["date"])
    assert stored["load"] == "a run began when other programs used no more than 10 % of the machine"
    assert (stored["lighthouse"], stored["runs"]) == ("12.8.2", 3)


def test_the_table_says_what_is_stored(table, stored):
    assert [*table.table(stored["pages"], {"book/a", "chapters/01_a"})][2:] == [
        "| {doc}`/book/a` | 94 | 99 | 100 | 100 | 100 | 1 | 2 |",
        "| search | 95 | 100 | 100 | 100 | 100 | 1 | 2 |",
        "| {doc}`/chapters/01_a` | – | 100 | 91 | 100 | 100 | 200 | 2 |",
    ]
    assert [*table.summary(stored["pages"])] == [
        "On a phone, 1 of 2 pages reach 95; the lowest score is 94.",
        "On a desktop, 3 of 3 pages reach 99; the lowest score is 99.",
        "The heaviest page takes 200 KB, and none asks for more than 2 files.",
    ]
    said = " ".join(table.conditions(stored))
    assert "Lighthouse 12.8.2, medians of 3 runs" in said
    assert stored["date"] in said
    assert "A run began when other programs used no more than 10 %" in said


def test_a_machine_that_was_never_quiet_has_no_scores_to_sum_up(table, stored):
    for row in stored["pages"].values():
        for device in row.values():
            device.pop("performance", None)
    assert [*table.summary(stored["pages"])] == ["The heaviest page takes 200 KB, and none asks for more than 2 files."]


def test_the_aims_are_the_same(tool, table):
    assert tool.AIMS == table.AIMS


def test_where_nothing_is_stored_the_page_says_so(table, monkeypatch, tmp_path):
    monkeypatch.setattr(table, "STORED", tmp_path / "none.json")
    (said,) = table.Table.lines(SimpleNamespace())
    assert said.startswith("*Not measured yet: ")
