"""Pictures: PNG and JPEG of a bearable size, and nothing else."""

import base64
import io
import struct

import pytest
from PIL import Image

from coursework.showing.picture import LARGEST, PIXELS, checked


def made(form, size=(3, 2)):
    """A picture as a notebook holds it."""
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, form)
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize("form", ["png", "jpeg"])
def test_pictures_are_kept(form):
    written = made(form)
    assert checked(f"image/{form}", written) == written
    assert checked(f"image/{form}", written[:40] + "\n " + written[40:]) == written


def frame(width, height):
    """The beginning of a JPEG that announces a size."""
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHH", 11, 8, height, width) + b"\x01\x01\x11\x00"


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused():
    png = bytearray(base64.b64decode(made("png")))
    png[16:24] = struct.pack(">II", 60_000, 60_000)
    for form, data in (
        ("png", bytes(png)),
        ("jpeg", frame(60_000, 60_000)),
        ("jpeg", frame(1, 1) + frame(9999, 9999)[2:]),
    ):
        with pytest.raises(ValueError, match="pixels"):
            checked(f"image/{form}", base64.b64encode(data).decode())
    side = int(PIXELS**0.5)
    data = base64.b64encode(frame(side, side)).decode()
    assert checked("image/jpeg", data) == data


@pytest.mark.parametrize(("written", "why"), [
    ("<script>", "base64"), ("'><script>", "base64"), ("", "is no image"), ("AAAA", "is no image"), ("é", "base64"),
    ("A" * (LARGEST * 3 // 2), "more than 4 MB"), (made("gif"), "is no image"), (" " * 5_000_000 + "!", "base64"),
    (base64.b64encode(b"<svg onload='x'/>").decode(), "is no image"), (made("png")[:32], "is no image"),
])  # fmt: skip
@pytest.mark.parametrize("form", ["image/png", "image/jpeg"])
def test_anything_else_is_refused(form, written, why):
    with pytest.raises(ValueError, match=why):
        checked(form, written)


def test_a_picture_under_another_name_is_refused():
    for form, other in (("png", "jpeg"), ("jpeg", "png"), ("png", "svg+xml")):
        with pytest.raises(ValueError, match="is no image"):
            checked(f"image/{other}", made(form))
