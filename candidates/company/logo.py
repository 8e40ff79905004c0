"""The logo: an upload that is read as a picture and drawn anew, so that nothing else of the file is kept."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000  # a picture of a few kilobytes may unfold to many; 16 million take 64 MB for a moment
WIDEST, HIGHEST = 400, 160
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
HOW: dict[str, dict[str, object]] = {"PNG": {"optimize": True}, "JPEG": {"quality": 90}, "WEBP": {"quality": 90}}


class NoLogo(ValueError):
    """The file is no logo; the message says why, for the person who chose it."""


class Logo(NamedTuple):
    """A picture as it is kept."""

    content: bytes
    content_type: str
    width: int
    height: int


def read(upload: UploadedFile) -> Logo:
    """The picture in `upload`, at most 400x160, without anything else that the file carried.

    Raises:
        NoLogo: it is too large, broken, or no PNG, JPEG or WebP by its content, whatever it is called.
    """
    if (upload.size or 0) > MOST_BYTES:
        raise NoLogo(_("This file is too large: a logo has at most 2 MB."))
    try:
        return _drawn_anew(upload.read())
    except NoLogo:
        raise
    except Exception as error:  # whatever a hostile file makes a decoder stumble over, it is no picture
        raise NoLogo(
            _("This is no PNG, JPEG or WebP picture that we can read. Save it as PNG and try again.")
        ) from error


def _drawn_anew(content: bytes) -> Logo:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata, none of which is kept; the size is checked below
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NoLogo(_("This picture has too many pixels. A logo is shown at 400 by 160 at most."))
            kept = str(image.format)
            return _encoded(_plain(image, kept), kept)


def _plain(image: Image.Image, kept: str) -> Image.Image:
    """The pixels alone, upright and small."""
    upright = ImageOps.exif_transpose(image)
    small = upright.convert("RGB" if kept == "JPEG" else "RGBA")
    small.thumbnail((WIDEST, HIGHEST))
    plain = Image.new(small.mode, small.size)
    plain.paste(small)
    return plain


def _encoded(picture: Image.Image, kept: str) -> Logo:
    written = io.BytesIO()
    picture.save(written, kept, **HOW[kept])
    return Logo(written.getvalue(), FORMATS[kept], picture.width, picture.height)
