"""The server that compresses sends what is there, compressed for those that can read it, and once for each change."""

import gzip
import http.client
import importlib.util
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools/compressing_server.py"
TEXT = "<p>Über</p>" * 1000


@pytest.fixture(scope="module")
def tool():
    """The server, as a module."""
    spec = importlib.util.spec_from_file_location("compressing_server", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path):
    """A small site."""
    (tmp_path / "a.html").write_text(TEXT, encoding="utf8")
    (tmp_path / "p.png").write_bytes(b"picture" * 100)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/index.html").write_text("first", encoding="utf8")
    return tmp_path


@pytest.fixture
def ask(tool, folder):
    """A function that asks for an address on one connection: status, headers, body."""
    with tool.serving(folder) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)

        def get(path, method="GET", **headers):
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            assert answer.version == 11  # a connection for many files
            return answer.status, answer.headers, answer.read()

        yield get
        connection.close()


def test_text_is_compressed_for_those_that_ask(ask):
    status, headers, body = ask("/a.html", **{"Accept-Encoding": "br, gzip;q=0.8"})
    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert int(headers["Content-Length"]) == len(body) < len(TEXT) / 20
    assert gzip.decompress(body).decode() == TEXT


def test_nobody_gets_what_they_cannot_read(ask):
    status, headers, body = ask("/a.html")
    assert (status, headers["Content-Encoding"], body.decode()) == (200, None, TEXT)
    assert headers["Vary"] == "Accept-Encoding"


def test_what_is_compressed_by_itself_stays_as_it_is(ask):
    status, headers, body = ask("/p.png", **{"Accept-Encoding": "gzip"})
    assert (status, headers["Content-Encoding"], body) == (200, None, b"picture" * 100)
    assert headers["Content-Type"] == "image/png"
    assert headers["Vary"] is None


def test_a_connection_lasts_and_files_may_be_kept(ask):
    assert ask("/a.html")[1]["Cache-Control"] == "max-age=600"
    status, headers, body = ask("/a.html", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(TEXT.encode())
    assert ask("/a.html?again")[2].decode() == TEXT  # nothing of the head was left on the connection


def test_a_folder_is_its_first_page_and_nothing_is_not_found(ask):
    assert ask("/sub/")[2] == b"first"
    assert ask("/none.html")[0] == 404
    assert ask("/../" + TOOL.name)[0] == 404


def test_what_changed_is_compressed_again(ask, folder):
    wanted = {"Accept-Encoding": "gzip"}
    assert gzip.decompress(ask("/a.html", **wanted)[2]).decode() == TEXT
    (folder / "a.html").write_text("new", encoding="utf8")
    os.utime(folder / "a.html", ns=(1, 1))
    assert gzip.decompress(ask("/a.html", **wanted)[2]) == b"new"


def test_one_who_goes_away_is_not_complained_of(tool, folder, capsys):
    def gone(*arguments):
        raise BrokenPipeError

    one, other = socket.socketpair()
    handler = type("Gone", (tool.Handler,), {"do_GET": gone})
    with one, other:
        other.sendall(b"GET /a.html HTTP/1.1\r\n\r\n")
        handler(one, ("127.0.0.1", 1), None, directory=folder)
    assert capsys.readouterr().err == ""
