"""Real small files, made anew by the programs that people use or byte by byte."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as WordDocument
from fpdf import FPDF

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
