"""Answers and conversations to take elsewhere: plain text, Markdown, Word and JSON, as pure functions.

``language`` chooses the labels; questions, answers and quotes stay as they are. ``reports`` give the filters of a
question their titles; a report that is not among them goes by its id.
"""

from ui.export.markdown import conversation_markdown
from ui.export.names import file_name
from ui.export.plain import copy_text
from ui.export.structured import FORMAT, conversation_json
from ui.export.word import conversation_docx

__all__ = ["FORMAT", "conversation_docx", "conversation_json", "conversation_markdown", "copy_text", "file_name"]
