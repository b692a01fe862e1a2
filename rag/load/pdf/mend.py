"""Characters as a reader means them: ligatures, lost hyphens, symbol fonts, accents set apart."""

from __future__ import annotations

import unicodedata

HYPHEN = "-"
SOFT_HYPHEN = "\xad"
BULLET = "•"
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings", "dingbats", "courier new,bold")
# Glyphs of Symbol and Wingdings that lists begin with, at their places in the private use area or below 256.
_BULLETS = frozenset(
    "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06e\uf0a8\uf0e0\uf0e8\uf0d2\uf09f\uf077\uf075\uf071\uf06f\uf0be\uf02d\uf0b2\uf0f0"
)
_SYMBOLS = {
    "\uf0a3": "≤", "\uf0b3": "≥", "\uf0b1": "±", "\uf0b4": "×", "\uf0b0": "°", "\uf0b9": "≠", "\uf0ae": "→",
    "\uf06d": "µ", "\uf061": "α", "\uf062": "β", "\uf02b": "+", "\uf03d": "=", "\uf03c": "<", "\uf03e": ">",
    "\uf0ad": "↑", "\uf0af": "↓", "\uf0bb": "≈", "\uf020": " ", "\uf025": "%", "\uf028": "(", "\uf029": ")",
}  # fmt: skip
_SAME = {
    "\x02": HYPHEN,  # what pdfium makes of a hyphen at a line's end
    "\u2010": HYPHEN,
    "\u2011": HYPHEN,
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\u2126": "Ω", "\u212b": "Å", "\u2215": "/", "\u2212": "−", "\u00b5": "µ", "\u2024": ".", "\u2026": "…",
    "\u25cf": BULLET, "\u25aa": "▪", "\u2023": BULLET, "\u2043": BULLET, "\u2219": BULLET, "\u00b7": "·",
}  # fmt: skip
_SPACES = frozenset(
    " \t\r\n\x0b\x0c\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¸": "\u0327", "ˇ": "\u030c",
    "˚": "\u030a",
}  # fmt: skip


def mended(code: int, font: str = "") -> str:
    """What a character of a font stands for: one or more characters, " " for any space, "" for none."""
    char = chr(code) if 0 < code < 0x110000 else ""
    if char in _SPACES:
        return " "
    if 0x20 < code < 0x7F:
        if code > 0x60 and font.lower().startswith(("wingdings", "webdings")):
            return BULLET
        return char
    if char in _SAME:
        return _SAME[char]
    if 0xE000 <= code <= 0xF8FF:
        if char in _BULLETS:
            return BULLET
        if char in _SYMBOLS:
            return _SYMBOLS[char]
        plain = code - 0xF000
        symbolic = font.lower().startswith(_SYMBOL_FONTS)
        return chr(plain) if 0x20 < plain < 0x7F and not symbolic else ""  # an icon, or plain text in disguise
    if char == SOFT_HYPHEN:
        return char
    category = unicodedata.category(char) if char else "Cc"
    if category in ("Cc", "Cf", "Cs", "Co", "Cn") or code in (0xFFFD, 0xFFFE, 0xFFFF):
        return ""
    if 0xFF01 <= code <= 0xFF5E:  # letters of full width
        return chr(code - 0xFEE0)
    if 0x1D400 <= code <= 0x1D7FF:  # mathematical letters, bold or italic
        return unicodedata.normalize("NFKC", char)
    return char


def is_accent(text: str) -> bool:
    """Whether a character is an accent that stands by itself."""
    return text in _ACCENTS


def accented(letter: str, accent: str) -> str:
    """A letter under an accent set by itself; "" where there is no such letter."""
    made = unicodedata.normalize("NFC", letter.replace("ı", "i") + _ACCENTS[accent])
    return made if len(made) == 1 else ""
