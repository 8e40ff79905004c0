"""The logo: a picture by its content, small, and nothing else of the file."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from candidates.company import logo


def picture(kind="PNG", size=(800, 200), mode="RGB", **options):
    written = io.BytesIO()
    Image.new(mode, size, "teal").save(written, kind, **options)
    return written.getvalue()


def upload(content, name="logo.png"):
    return SimpleUploadedFile(name, content, content_type="image/png")


def bomb(width, height):
    """A PNG of a few hundred bytes that says that it is huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "expected"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_a_picture_is_kept_small_in_its_own_format(kind, expected):
    kept = logo.read(upload(picture(kind)))
    assert kept.content_type == expected
    assert (kept.width, kept.height) == (400, 100)
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (image.format, image.size) == (kind, (400, 100))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_mode_of_colour_is_taken(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    written = io.BytesIO()
    Image.new(mode, (20, 20)).save(written, kind)
    assert logo.read(upload(written.getvalue())).width == 20


def test_what_can_be_seen_through_stays_so():
    kept = logo.read(upload(picture(mode="RGBA", size=(40, 40))))
    assert Image.open(io.BytesIO(kept.content)).mode == "RGBA"


def test_a_photo_is_turned_upright_and_loses_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    kept = logo.read(upload(picture("JPEG", (80, 40), exif=exif.tobytes())))
    assert (kept.width, kept.height) == (40, 80)
    assert b"secret" not in kept.content
    assert not Image.open(io.BytesIO(kept.content)).getexif()


def test_what_hangs_behind_a_picture_is_not_kept():
    kept = logo.read(upload(picture() + b"PK\x03\x04<script>alert(1)</script>"))
    assert b"script" not in kept.content


def test_the_name_of_the_file_means_nothing():
    assert logo.read(upload(picture("WEBP"), "logo.exe")).content_type == "image/webp"


@pytest.mark.parametrize("content", [
    b"", b"\0", b"GIF89a" + b"\0" * 50, b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    b"<?xml version='1.0'?><!DOCTYPE svg><svg/>", picture()[:60], b"%PDF-1.7", b"BM" + b"\0" * 60,
    b"\x89PNG\r\n\x1a\n" + b"\xff" * 500, b"\xff\xd8\xff\xe0" + b"\0" * 500, b"RIFF\0\0\0\0WEBPVP8 " + b"\xff" * 99,
    picture("GIF"), picture("TIFF"), picture("ICO", (16, 16)),
])  # fmt: skip
def test_what_is_no_picture_of_the_three_kinds_is_refused(content):
    with pytest.raises(logo.NoLogo, match="PNG, JPEG or WebP"):
        logo.read(upload(content))


@pytest.mark.parametrize("size", [(50_000, 50_000), (1, 16_000_001), (2**31 - 1, 2**31 - 1), (8000, 8000)])
def test_a_picture_that_would_unfold_to_gigabytes_is_refused(size):
    with pytest.raises(logo.NoLogo):
        logo.read(upload(bomb(*size)))


def test_a_large_file_is_refused_unread():
    large = upload(picture() + b"\0" * logo.MOST_BYTES)
    with pytest.raises(logo.NoLogo, match="2 MB"):
        logo.read(large)
    assert large.tell() == 0
