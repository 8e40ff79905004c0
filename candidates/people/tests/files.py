"""Real small files, made anew by the programs that people use or byte by byte."""

import io
import itertools
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as WordDocument
from fpdf import FPDF
from PIL import Image
from pypdf import PdfWriter

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><title>CV</title><script>alert(1)</script>"


def pdf(text="Cara Candidate, six years of support"):
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=12)
    page.cell(text=text)
    return bytes(page.output())


def docx():
    document, content = WordDocument(), io.BytesIO()
    document.add_paragraph("Cara Candidate")
    document.save(content)
    return content.getvalue()


def archive(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for name, text in members.items():
            written.writestr(name, text)
    return content.getvalue()


def odt():
    kind = "application/vnd.oasis.opendocument.text"
    return archive({"mimetype": kind, "content.xml": "<office/>", "META-INF/manifest.xml": "<manifest/>"})


def upload(content=None, name="cv.pdf", content_type="application/pdf"):
    return SimpleUploadedFile(name, pdf() if content is None else content, content_type)


def pdf_of_pictures():
    """A scan: a page with a picture and no word."""
    page, picture = FPDF(), io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
    page.add_page()
    page.image(picture, w=40)
    return bytes(page.output())


def pdf_locked(password):
    """Encrypted; with an empty password it opens for everybody and may not be printed."""
    writer, content = PdfWriter(clone_from=io.BytesIO(pdf())), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    writer.write(content)
    return content.getvalue()


def pdf_of_pages(number, text):
    """So many pages, the first of which say something."""
    writer, content = PdfWriter(clone_from=io.BytesIO(pdf(text))), io.BytesIO()
    for _page in range(number - 1):
        writer.add_blank_page(200, 200)
    writer.write(content)
    return content.getvalue()


def replaced(base, name, *pieces):
    """The archive `base` with another content of the member `name`."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        with new.open(name, "w") as written:
            for piece in pieces:
                written.write(piece)
    return content.getvalue()


def odt_saying(inner):
    """An OpenDocument text with this markup as its text."""
    return replaced(odt(), "content.xml", (ODT_BEGIN + inner + ODT_END).encode())


def docx_saying(inner):
    """A Word document with this markup as its body."""
    return replaced(docx(), "word/document.xml", (DOCX_BEGIN + inner + DOCX_END).encode())


ODT_BEGIN = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
)
ODT_END = "</office:text></office:body></office:document-content>"
DOCX_BEGIN = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
DOCX_END = "</w:body></w:document>"
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in itertools.pairwise("abcdefghijk"))
    + "]>"
)
