"""The looks of the page, and what the browser does by itself; both are files in ``static/``."""

from __future__ import annotations

from pathlib import Path

# Names of installed fonts only: a Google font would be fetched by the browser.
FONTS = ("Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif")
MONO_FONTS = ("Consolas", "Menlo", "Noto Sans Mono", "Liberation Mono", "monospace")

_STATIC = Path(__file__).parent / "static"
_SHEETS = ("base", "conversation", "panel", "shelf")


def script(name: str) -> str:
    """What a part of the page does in the browser, for ``js_on_load``: ``static/name.js`` behind the common part."""
    return "".join((_STATIC / f"{part}.js").read_text("utf-8") for part in ("common", name))


CSS = "".join((_STATIC / f"{name}.css").read_text("utf-8") for name in _SHEETS)
