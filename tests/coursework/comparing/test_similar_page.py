"""The page and the table act nowhere, whatever was handed in, and say that they are no verdict."""

import csv
import time

from hand_ins import SOURCE, hand_in, with_cells

from coursework.comparing.similar import report
from coursework.comparing.similar_page import write


def test_the_command_says_where_to_look(light, first, capsys, monkeypatch):
    from coursework import __main__ as command

    for student in ("ana", "ben"):
        hand_in(light, first.name, student, with_cells(light.released(first.name, student), SOURCE))
    place = str(light.folder)
    monkeypatch.setattr("sys.argv", ["coursework", "similar", first.name, "--course", place])
    assert command.main() == 0
    said = capsys.readouterr().out
    assert said.startswith("2 hand-ins were compared")
    assert "no verdict" in said
    assert "ana,ben" in (light.folder / "similar" / f"{first.name}.csv").read_text()


def test_hostile_hand_ins_cost_seconds_and_act_nowhere(light, first):
    name, released = first.name, light.released(first.name, "student")
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> = 1 + 2 + 3 + 4 # \x1b[31m"
    bombs = ["(" * 10**6, "-" * 10**6, "'''" * 10**6, '"' * 10**6, "x = 1\n" * 10**6, "\\\n" * 10**6, "9" * 10**6]
    for student in ("=1+1", "<b onmouseover=alert(3)>"):
        hand_in(light, name, student, with_cells(released, evil, SOURCE, *bombs))
    hand_in(light, name, "many", with_cells(released, *["x = y + z * 3"] * 20_000))
    hand_in(light, name, "list", [1, 2])
    begin = time.process_time()
    found = report(light, name)
    page, table = write(found, light.folder / "similar")
    assert time.process_time() - begin < 15
    assert [said.split(":")[0] for said in found.left_out] == ["list"]
    shown = page.read_text()
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b " not in shown
    assert "\x1b" not in shown
    assert "no verdict" in shown
    assert page.stat().st_size < 10**6
    assert page.parent.stat().st_mode & 0o077 == 0
    rows = list(csv.reader(table.read_text().splitlines()))
    assert len(rows) == 1 + len(found.pairs) > 1
    assert not any(cell[0] in "=+-@" for row in rows for cell in row)
