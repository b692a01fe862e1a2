"""The reports' tab: what is in the index, and adding, replacing, correcting and deleting it.

``ui.shelf.desk`` does the work, ``render`` and ``render_report`` make the HTML, ``jobs`` runs changes in the
background and ``tab`` wires all that to Gradio; import the last one only where a page is made.
"""

from ui.shelf.desk import Desk

__all__ = ["Desk"]
