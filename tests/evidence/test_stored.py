"""seqlib.evidence.stored: what pages read."""

import json

import pytest

from seqlib.evidence import stored


def test_reads_what_was_stored_where_chapters_lie(tmp_path, monkeypatch):
    record = {"values": {"a": [1.5, 2.0]}, "unit": "nats", "note": "ŷ"}
    (tmp_path / "measured").mkdir()
    (tmp_path / "measured/05_latch.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf8")
    monkeypatch.chdir(tmp_path)
    assert stored("05_latch") == record
    (tmp_path / "measured").rename(tmp_path / "elsewhere")
    assert stored("05_latch", "elsewhere") == record


def test_a_missing_measurement_is_named_with_where_to_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no measurement .*05_latch\.json: run the chapter in its own folder"):
        stored("05_latch")
