"""The pages to log in and out, as HTML that needs no script."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from ui.users.words import WORDS

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CSS = """
:root { color-scheme: light dark; --ink: #1b2430; --soft: #56616f; --line: #7d8896; --back: #ffffff; --panel: #f6f8fa;
  --link: #0b5cad; --strong: #1d4ed8; --strong-hover: #1e40af; --wrong: #a92323; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a3aebb; --line: #76828f; --back: #0f141b;
  --panel: #1b232e; --link: #82b8f5; --wrong: #f59a93; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--back);
  color: var(--ink); font: 1rem/1.5 "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial,
  sans-serif; }
main { width: 100%; max-width: 22rem; padding: 1.5rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--panel); }
h1 { margin: 0 0 1rem; font-size: 1.35rem; font-weight: 600; line-height: 1.3; }
h1 small { display: block; font-size: .9rem; font-weight: 400; color: var(--soft); }
label { display: block; margin: .9rem 0 .25rem; font-weight: 500; }
input { width: 100%; padding: .55rem .65rem; border: 1px solid var(--line); border-radius: 6px; font: inherit;
  color: var(--ink); background: var(--back); }
button { width: 100%; margin-top: 1.25rem; padding: .6rem; border: 0; border-radius: 6px; font: inherit;
  font-weight: 600; color: #fff; background: var(--strong); cursor: pointer; }
button:hover { background: var(--strong-hover); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
a { color: var(--link); }
footer { margin-top: 1.1rem; font-size: .9rem; }
.wrong { margin: 0; color: var(--wrong); font-weight: 500; }
"""


def login_page(title: str, language: str, *, goal: str = "/", message: str = "", name: str = "") -> str:
    """The form to log in; ``goal`` is the path to open then, ``message`` says why ``name`` did not get in."""
    words = WORDS[language]
    title = title or words["app"]
    focus = " autofocus"
    alert = f'<p class="wrong" role="alert">{escape(message)}</p>' if message else ""
    form = f"""<form method="post" action="/login?lang={language}">
{alert}<input type="hidden" name="next" value="{escape(goal)}">
<label for="user">{words["user"]}</label>
<input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck="false" required
  value="{escape(name)}"{"" if name else focus}>
<label for="password">{words["password"]}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{focus if name else ""}>
<button>{words["log_in"]}</button>
</form>"""
    other = "es" if language == "en" else "en"
    link = f"/login?lang={other}&next={quote(goal)}"
    switch = f'<a href="{escape(link)}" lang="{other}" hreflang="{other}">{words["other"]}</a>'
    return _page(words["title"], title, language, form, switch)


def logout_page(title: str, language: str) -> str:
    """The form to log out: a link alone could be followed by another site's doing."""
    words = WORDS[language]
    title = title or words["app"]
    form = f"""<form method="post" action="/logout">
<p>{words["leave"]}</p>
<button>{words["log_out"]}</button>
</form>"""
    return _page(words["log_out"], title, language, form, f'<a href="/">{words["back"]}</a>')


def _page(heading: str, title: str, language: str, form: str, footer: str) -> str:
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading} · {escape(title)}</title>
<link rel="stylesheet" href="/login.css">
</head>
<body>
<main>
<h1>{heading}<small>{escape(title)}</small></h1>
{form}
<footer>{footer}</footer>
</main>
</body>
</html>
"""
