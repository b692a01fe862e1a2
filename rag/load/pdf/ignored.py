"""What a PDF holds besides its pages, which is not read: scripts and attached files."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

# A script that runs on opening stands outside of pdfium's list; in most files its object is not compressed.
_SCRIPT = b"/JavaScript"


def ignored_parts(document: pdfium.PdfDocument, data: bytes) -> tuple[str, ...]:
    """Warnings for the reader of the report's entry; ``data`` are the bytes of ``document``'s file."""
    warnings = []
    if pdfium_c.FPDFDoc_GetJavaScriptActionCount(document) > 0 or _SCRIPT in data:
        warnings.append("it holds scripts (JavaScript), which are not run")
    attached = pdfium_c.FPDFDoc_GetAttachmentCount(document)
    if attached > 0:
        files = "a file is" if attached == 1 else f"{attached} files are"
        warnings.append(f"{files} attached to it, which this does not read: save what you need and add it by itself")
    return tuple(warnings)
