"""Archives as a hostile student makes them: nothing is lost of the others, and nothing lands elsewhere."""

import gzip
import io
import logging
import os
import stat
import tarfile
import zipfile

import pytest

from coursework.reading import archives
from coursework.reading.archives import Extractor
from coursework.reading.files import LARGEST

ANA, BOB = "Ana_77_assignsubmission_file_01.ipynb", "Bob_88_assignsubmission_file_"


@pytest.fixture
def unpacked(tmp_path, caplog):
    """Unpacks an archive of a class with these files, Ana's beside them: what lies where, and what was said."""

    def unpack(*entries):
        (tmp_path / "archive").mkdir()
        with zipfile.ZipFile(tmp_path / "archive/class.zip", "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(ANA, "Ana's")
            for name, data in entries:
                file.writestr(name, data)
            file.writestr("Zoe_99_assignsubmission_file_01.ipynb", "Zoe's")
        log = logging.getLogger("of the tests")
        with caplog.at_level(logging.INFO, "of the tests"):
            Extractor(log=log).extract(str(tmp_path / "archive"), str(tmp_path / "out"))
        top = tmp_path / "out/class"
        found = {str(path.relative_to(top)): path for path in top.rglob("*") if not path.is_dir()}
        assert found.pop(ANA).read_text() == "Ana's"
        assert found.pop("Zoe_99_assignsubmission_file_01.ipynb").read_text() == "Zoe's"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "out"]
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["class"]
        return found, caplog.text

    return unpack


def zipped(*entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return data.getvalue()


def tarred(*members):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as file:
        for name, content, kind in members:
            member = tarfile.TarInfo(name)
            member.size, member.type, member.linkname = len(content), kind, "/etc/passwd"
            file.addfile(member, io.BytesIO(content) if content else None)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"no archive",
        b"PK\x03\x04broken",
        gzip.compress(b"no tar", mtime=0),
        gzip.compress(b"x" * 999, mtime=0)[:-9],
        b"\x1f\x8b",
    ],
    ids=["text", "broken zip", "no tar", "cut gz", "gz"],
)
@pytest.mark.parametrize("ending", [".zip", ".gz", ".tar.gz", ".tgz"])
def test_what_only_calls_itself_an_archive_ends_nothing(unpacked, data, ending):
    found, said = unpacked((BOB + "work" + ending, data))
    assert list(found) == [BOB + "work" + ending]
    assert f"Not unpacked: '{BOB}work{ending}' of class.zip (it is no archive that can be unpacked" in said


def test_a_students_archive_is_unpacked_into_a_folder_of_its_name(unpacked):
    found, _ = unpacked(
        (BOB + "a.zip", zipped(("sub/01.ipynb", "work"), ("data.csv", "1"), ("again.zip", zipped(("b.ipynb", "b"))))),
        (BOB + "b.tar.gz", tarred(("01.ipynb", b"more", tarfile.REGTYPE))),
    )
    texts = {name: path.read_text() for name, path in found.items() if name.endswith(".ipynb")}
    assert texts == {
        f"{BOB}a/sub/01.ipynb": "work",
        f"{BOB}a/again/b.ipynb": "b",
        f"{BOB}b/01.ipynb": "more",
    }
    assert not any(name.endswith(".csv") for name in found)


@pytest.mark.parametrize(
    "name", ["../../../out-of-it.ipynb", "/tmp/../out-of-it.ipynb", "..\\..\\out-of-it.ipynb", "C:\\a"]
)
def test_nothing_lands_outside(unpacked, name):
    found, _ = unpacked((name, "x"), (BOB + "a.zip", zipped((name, "x"), ("01.ipynb", "y"))))
    assert f"{BOB}a/01.ipynb" in found


def test_no_link_and_no_device_is_made(unpacked):
    link = zipfile.ZipInfo(BOB + "link.ipynb")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    kinds = {"l": tarfile.SYMTYPE, "h": tarfile.LNKTYPE, "c": tarfile.CHRTYPE, "f": tarfile.FIFOTYPE}
    tar = tarred(*((f"{name}.ipynb", b"", kind) for name, kind in kinds.items()))
    found, _ = unpacked((link, "/etc/passwd"), (BOB + "a.tgz", tar))
    assert list(found) == [BOB + "a.tgz"]


def test_a_name_may_be_long_and_odd(unpacked):
    found, _ = unpacked(
        (BOB + "x" * 300 + ".ipynb", "1"),
        (BOB + "\N{GRINNING FACE}" * 120 + ".ipynb", "2"),
        (BOB + "\x1b]0;owned\x07\nAna.ipynb", "3"),
        ("./.././", ""),
        (BOB + "/" + "d/" * 1500 + "a.ipynb", "4"),
        (BOB + "/" + "d/" * 20 + "a.ipynb", "5"),
    )
    assert sorted(path.read_text() for path in found.values()) == ["1", "2", "3"]
    for name in found:
        assert name.startswith(BOB)
        assert name.endswith(".ipynb")
        assert name.isprintable()
        assert len(os.fsencode(name)) < 255


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_and_a_folder_of_one_name_both_stay(unpacked):
    found, _ = unpacked((BOB + "a", "1"), (BOB + "a/b.ipynb", "2"), (BOB + "c.ipynb", "3"), (BOB + "c.ipynb", "4"))
    assert sorted(path.read_text() for path in found.values()) == ["1", "2", "3", "4"]


def test_a_bomb_is_cut_where_the_reader_says_so(unpacked, monkeypatch):
    monkeypatch.setattr(archives, "TOGETHER", 2 * LARGEST)
    bomb = zipped(*((f"{k}.ipynb", bytes(LARGEST + 100)) for k in range(5)))
    found, said = unpacked((BOB + "01.ipynb", bytes(LARGEST + 100)), (BOB + "a.zip", bomb))
    sizes = [path.stat().st_size for name, path in found.items() if name.endswith(".ipynb")]
    assert sizes == [LARGEST + 1] * 3  # which is more than is read
    assert "the archive holds too much" in said


def test_archives_in_archives_and_many_files_come_to_an_end(unpacked, monkeypatch):
    monkeypatch.setattr(archives, "FILES", 10)
    monkeypatch.setattr(archives, "TARRED", 5000)
    nest = zipped(("01.ipynb", "x"))
    for _ in range(6):
        nest = zipped(("n.zip", nest))
    tar = tarred(*((f"{k}.txt", bytes(999), tarfile.REGTYPE) for k in range(20)), ("01.ipynb", b"x", tarfile.REGTYPE))
    many = zipped(*((f"{k}.ipynb", "x") for k in range(20)))
    found, said = unpacked((BOB + "n.zip", nest), (BOB + "t.tgz", tar), (BOB + "m.zip", many))
    assert "archives in archives in archives are not unpacked" in said
    assert "it holds more than 0 MB" in said
    assert sum(name.endswith(".ipynb") for name in found) == 10


def test_what_the_platform_gave_must_be_an_archive(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive/class.zip").write_bytes(b"half of it")
    with pytest.raises(ValueError, match=r"class\.zip cannot be unpacked .*: download it again"):
        Extractor(log=logging.getLogger("of the tests")).extract(str(tmp_path / "archive"), str(tmp_path / "out"))


def test_names_in_the_log_do_nothing_to_a_terminal():
    log = logging.getLogger("of a terminal")
    shown = []
    log.addHandler(handler := logging.Handler())
    handler.emit = lambda record: shown.append(record.getMessage())
    log.addFilter(archives._printable)
    log.warning("Copying from: %s", "a\x1b]52;c;cm0=\x07b\n\x9b2J%s")
    log.warning("Copying from: {}".format("a\x1b[2J"))
    assert shown == ["Copying from:  a ]52;c;cm0= b  2J%s".replace(":  a", ": a"), "Copying from: a [2J"]
