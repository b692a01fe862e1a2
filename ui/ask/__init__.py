"""The Ask tab in Gradio: its components, what each event does, and which event is which.

``ui.page`` does the work. Import ``tab`` only where a page is made: it imports Gradio.
"""
