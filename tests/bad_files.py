"""Files that are damaged, hostile or too large, made as they are needed."""

from __future__ import annotations

import io
import zipfile
import zlib

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

WORDS = "Partners delivered water to 2,300 families in the northern districts of Loreto in May 2024."


def pdf(pages: int = 1, text: str = WORDS, **options: object) -> bytes:
    """Pages with their number and a sentence; ``options`` are those of reportlab's canvas."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, **options)
    for number in range(1, pages + 1):
        canvas.drawString(72, 760, f"Flood report page {number}")
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def raw_pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of objects written by hand, counted from 1."""
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, start))
    return out.getvalue()


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def page_stream(text: str = WORDS) -> bytes:
    return stream(b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % text.encode("latin-1"))


def one_page(catalog: bytes = b"", contents: bytes | None = None, *more: bytes) -> bytes:
    """A page with ``WORDS``; ``catalog`` are further entries of the catalogue, ``more`` the objects from 6 on."""
    root = b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog
    return raw_pdf(root, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE, contents or page_stream(), FONT, *more)


def scripted_pdf() -> bytes:
    """Its script is in the catalogue's list of names."""
    script = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    return one_page(b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", None, script)


def pdf_with_attachment() -> bytes:
    spec = b"<< /Type /Filespec /F (a.exe) /UF (a.exe) /EF << /F 7 0 R >> >>"
    names = b"/Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >>"
    return one_page(names, None, spec, stream(b"MZ", b"/Type /EmbeddedFile"))


def no_pages() -> bytes:
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")


def pages_in_a_circle() -> bytes:
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 9 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 9 >>",
    )


def deflated_bomb(rounds: int = 2, size: int = 1 << 30) -> bytes:
    """A page's contents that unpack, in ``rounds`` steps, to ``size`` bytes of operators."""
    packer, packed = zlib.compressobj(9), []
    block = b"BT /F1 12 Tf (x) Tj ET " * 43_690
    for _ in range(size // len(block)):
        packed.append(packer.compress(block))
    data = b"".join(packed) + packer.flush()
    for _ in range(rounds - 1):
        data = zlib.compress(data, 9)
    filters = b" ".join([b"/FlateDecode"] * rounds)
    return one_page(b"", stream(data, b"/Filter [%s]" % filters))


def huge_picture() -> bytes:
    """A picture of 50,000 by 50,000 points, all white, in a few kilobytes."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(6_250)) for _ in range(50_000)) + packer.flush()
    entries = (
        b"/Type /XObject /Subtype /Image /Width 50000 /Height 50000 /ColorSpace /DeviceGray /BitsPerComponent 1 "
        b"/Filter /FlateDecode"
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /XObject << /I 5 0 R >> >> >>"
    )
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream(b"q 595 0 0 842 0 0 cm /I Do Q"),
        stream(data, entries),
    )


TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/x"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.{}"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
DOCUMENT = (
    '<?xml version="1.0"?>{}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
)
DOCX = "openxmlformats-officedocument.wordprocessingml.document.main+xml"


def docx(text: str = WORDS, doctype: str = "", kind: str = DOCX, more: dict[str, bytes] | None = None) -> bytes:
    """The smallest Word document, with further entries."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES.format(kind))
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", DOCUMENT.format(doctype, text))
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return target.getvalue()


def entities(secret: str) -> bytes:
    """A Word document whose text is that of another file."""
    return docx("&secret;", f'<!DOCTYPE w:document [<!ENTITY secret SYSTEM "file://{secret}">]>')


def laughs() -> bytes:
    """A Word document whose text doubles thirty times."""
    lines = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 31))
    return docx("&a30;", f'<!DOCTYPE w:document [<!ENTITY a0 "ha">{lines}]>')


def archive_with(**entries: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return target.getvalue()


def flagged_as_encrypted(data: bytes) -> bytes:
    """A ZIP archive whose entries say that they are encrypted."""
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data = data[: place + offset] + bytes([data[place + offset] | 1]) + data[place + offset + 1 :]
            place = data.find(mark, place + 4)
    return data


def workbook() -> bytes:
    from openpyxl import Workbook

    book, target = Workbook(), io.BytesIO()
    for row in (("Month", "Cases"), ("May", 1234), ("June", 12.5)):
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def slides() -> bytes:
    from pptx import Presentation

    show, target = Presentation(), io.BytesIO()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Floods in Loreto"
    slide.placeholders[1].text = WORDS
    show.save(target)
    return target.getvalue()


def document() -> bytes:
    """A Word document with headings, a list, a table and a note on top."""
    from docx import Document

    made, target = Document(), io.BytesIO()
    made.core_properties.title = "Floods in Loreto"
    made.sections[0].header.paragraphs[0].text = "Situation report 3"
    made.add_heading("Floods in Loreto", 0)
    made.add_heading("Needs", 1)
    made.add_paragraph(WORDS)
    made.add_paragraph("Shelter for 400 people", style="List Bullet")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ("Month", "Cases", "May", "1,234"), strict=True
    ):
        cell.text = text
    made.save(target)
    return target.getvalue()
