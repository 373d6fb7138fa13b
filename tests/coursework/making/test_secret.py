"""The secret: from a file, a pipe or a terminal, never from a command line, and never shown."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coursework.making.secret import ask

ROOT = Path(__file__).resolve().parents[3]
SECRET = "ein Satz, den niemand errät: äß"


def test_a_file_is_read_and_its_last_line_feed_is_not_part_of_it(tmp_path):
    file = tmp_path / "secret"
    file.touch(0o600)
    for written in (SECRET, SECRET + "\n", SECRET + "\r\n", "\ufeff" + SECRET):
        file.write_bytes(written.encode())
        assert ask(file) == SECRET
    file.chmod(0o644)
    with pytest.warns(UserWarning, match=f"can be read by everybody on this machine: chmod 600 {file}"):
        ask(file)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no secret. Type a sentence"),
        (b" \n", "holds no secret. Type a sentence"),
        (b"one\ntwo\n", "has 2 lines: the secret is one line"),
        (b"\xff\xfe", "is no text in UTF-8"),
        (b"a" * 20_000, "more than 10000 bytes"),
    ],
)
def test_what_is_no_secret_is_told(tmp_path, data, said):
    file = tmp_path / "secret"
    file.touch(0o600)
    file.write_bytes(data)
    with pytest.raises(ValueError, match=said):
        ask(file)


def run(*words, cwd, **options):
    """`python -m coursework make`, away from any problems: whatever it does, it makes no course."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "coursework", "make", *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, **options)


def test_a_pipe_works_and_an_empty_one_says_what_to_do(tmp_path):
    assert "has no assignments" in run(cwd=tmp_path, input=SECRET + "\n").stderr
    assert "Type a sentence when you are asked" in run(cwd=tmp_path, stdin=subprocess.DEVNULL).stderr


def test_a_command_line_is_refused_and_not_repeated(tmp_path):
    for words in (["--secret", SECRET], [f"--secret={SECRET}"]):
        done = run(*words, cwd=tmp_path, stdin=subprocess.DEVNULL)
        assert done.returncode == 2
        assert "--secret-file FILE" in done.stderr
        assert "niemand" not in done.stderr + done.stdout


def test_make_course_refuses_it_too_and_takes_it_not_from_the_environment(tmp_path):
    make = ["make", "-s", "-C", str(ROOT), "-o", ".venv/.ready", "course", f"COURSE={tmp_path / 'c'}"]
    done = subprocess.run([*make, f"SECRET={SECRET}"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "make course SECRET_FILE=FILE" in done.stderr
    assert "niemand" not in done.stderr + done.stdout
    environment = os.environ | {"SECRET": SECRET}
    done = subprocess.run(make, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment)
    assert "holds no secret" in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_is_typed_is_not_shown(tmp_path):
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "coursework", "make"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=child, stdout=child, stderr=child, start_new_session=True
    )
    os.close(child)
    shown = until(parent, b"not shown")
    os.write(parent, SECRET.encode() + b"\n")
    shown += until(parent, b"assignments")
    assert process.wait(20) == 1
    os.close(parent)
    assert b"has no assignments" in shown  # so it was taken
    assert b"niemand" not in shown


def until(terminal, wanted, seconds=30):
    """What a terminal shows, up to some bytes."""
    shown, end = b"", time.monotonic() + seconds
    while wanted not in shown:
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 0.5)[0]:
            shown += os.read(terminal, 4096)
    return shown
