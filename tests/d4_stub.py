import io
import pypdfium2 as pdfium
from rag.load import Content
from rag.errors import ReportError
from rag.load.pdf.ignored import ignored_parts
def load_pdf(data, path):
    try:
        d = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as e:
        raise ReportError(f"{path} cannot be opened: {e}")
    w = ignored_parts(d, data)
    return Content("\n\n".join(d[i].get_textpage().get_text_range() for i in range(len(d))), w)
