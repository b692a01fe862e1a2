"""The looks of the page, and the little behaviour that the browser does by itself."""

from __future__ import annotations

# Names of installed fonts only: a Google font would be fetched by the browser.
FONTS = ("Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif")
MONO_FONTS = ("Consolas", "Menlo", "Noto Sans Mono", "Liberation Mono", "monospace")

CSS = """
:root { --rq-ink: #1b2430; --rq-soft: #56616f; --rq-line: #d9dee5; --rq-panel: #f6f8fa;
  --rq-link: #0b5cad; --rq-field: #7d8896; --rq-mark: #fff0a8; --rq-mark-ink: #1b2430;
  --rq-ok: #1d6b3c; --rq-partly: #8a5300; --rq-not: #a92323; }
:root.dark, :root .dark { --rq-ink: #e6eaf0; --rq-soft: #a3aebb; --rq-line: #384352; --rq-panel: #1b232e;
  --rq-link: #82b8f5; --rq-field: #76828f; --rq-mark: #6b5a10; --rq-mark-ink: #fff6cf;
  --rq-ok: #7ecf9b; --rq-partly: #ecb25f; --rq-not: #f59a93; }
html { scroll-behavior: smooth; }
/* clip, not hidden: a hidden overflow would unstick the question box */
.gradio-container { overflow: clip !important; }
.gradio-container .main { max-width: 50rem !important; padding: 1.5rem 1rem 0 !important; }
.gradio-container .html-container { padding: 0; }
.rq-header h1 { margin: 0; font-size: 1.35rem; font-weight: 600; color: var(--rq-ink); }
.rq-log, .rq-notice, .rq-log p, .rq-log li { color: var(--rq-ink); font-size: 1rem; line-height: 1.6; }
.rq-log p, .rq-log ul, .rq-notice { margin: 0; }
.rq-turn { padding: 1.25rem 0; border-top: 1px solid var(--rq-line); scroll-margin-top: .5rem; }
.rq-turn:first-child { border-top: 0; padding-top: .25rem; }
.rq-question { margin: 0 0 .6rem; font-size: 1.05rem; font-weight: 600; line-height: 1.45;
  color: var(--rq-ink); overflow-wrap: anywhere; }
.rq-log .rq-scope, .rq-log .rq-searched, .rq-log .rq-note, .rq-log .rq-status, .rq-meta { color: var(--rq-soft);
  font-size: .85rem; line-height: 1.45; }
.rq-log .rq-scope, .rq-log .rq-searched { margin: -.3rem 0 .6rem; }
.rq-text { overflow-wrap: anywhere; }
ul.rq-text { padding-left: 1.25rem; list-style: disc; }
ul.rq-text li { margin: .2rem 0; }
.rq-cite, .rq-cite:visited { color: var(--rq-link); font-size: .85em; font-weight: 600; text-decoration: none;
  border-radius: 3px; }
.rq-cite:hover { text-decoration: underline; }
.rq-cite:focus-visible, .rq-source summary:focus-visible { outline: 2px solid var(--rq-link);
  outline-offset: 1px; }
.rq-sources { margin-top: .9rem; }
.rq-sources h3 { margin: 0 0 .35rem; font-size: .85rem; font-weight: 600; color: var(--rq-soft); }
.rq-source { border: 1px solid var(--rq-line); border-radius: 6px; background: var(--rq-panel);
  margin: .4rem 0; scroll-margin: 5rem 0 12rem; }
.rq-source summary { display: flex; gap: .6rem; align-items: baseline; padding: .55rem .75rem;
  cursor: pointer; list-style: none; border-radius: 6px; }
.rq-source summary::-webkit-details-marker { display: none; }
.rq-source summary::after { content: "+"; color: var(--rq-soft); font-weight: 600; width: .7rem;
  text-align: center; }
.rq-source[open] summary::after { content: "\\2212"; }
.rq-number { color: var(--rq-link); font-size: .85rem; font-weight: 600; }
.rq-where { flex: 1; min-width: 0; display: flex; flex-direction: column; overflow-wrap: anywhere; }
.rq-title { font-size: .95rem; font-weight: 500; color: var(--rq-ink); line-height: 1.4; }
.rq-verdict { font-size: .8rem; font-weight: 600; white-space: nowrap; }
.rq-supported { color: var(--rq-ok); }
.rq-partly { color: var(--rq-partly); }
.rq-unsupported { color: var(--rq-not); }
.rq-context { margin: 0; padding: .7rem .75rem .8rem; border: 0; border-top: 1px solid var(--rq-line);
  color: var(--rq-ink); font-size: .92rem; font-style: normal; line-height: 1.6; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.rq-context mark { background: var(--rq-mark); color: var(--rq-mark-ink); border-radius: 2px;
  padding: .05em 0; scroll-margin: 5rem 0 14rem; }
.rq-abstained > .rq-text { border-left: 3px solid var(--rq-partly); padding-left: .75rem; }
.rq-log .rq-error, .rq-error { border-left: 3px solid var(--rq-not); padding-left: .75rem; margin: 0;
  color: var(--rq-not); overflow-wrap: anywhere; }
.rq-log .rq-pending { color: var(--rq-soft); }
.rq-log .rq-provisional { color: var(--rq-soft); white-space: pre-line; overflow-wrap: anywhere; }
.rq-pending::before { content: ""; display: inline-block; width: .6rem; height: .6rem; margin-right: .5rem;
  border-radius: 50%; background: var(--rq-link); animation: rq-pulse 1.2s ease-in-out infinite; }
@keyframes rq-pulse { 50% { opacity: .25; } }
.rq-log .rq-status { margin-top: .7rem; }
#rq-ask { position: sticky; bottom: 0; z-index: 5; padding: .75rem 0 1rem; gap: .6rem;
  background: var(--body-background-fill); border-top: 1px solid var(--rq-line); }
#rq-ask .row { align-items: end; gap: .6rem; }
#rq-ask .form, #rq-ask .block { border: 0; padding: 0; background: none; box-shadow: none;
  overflow: visible; }
#rq-ask label > span, #rq-reports span { color: var(--rq-soft); }
#rq-ask textarea, #rq-reports .wrap-inner { font-size: 1rem; }
#rq-ask textarea, #rq-reports .container > .wrap { border: 1px solid var(--rq-field); }
#rq-ask textarea:focus { border-color: var(--rq-link); box-shadow: 0 0 0 1px var(--rq-link); }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } .rq-pending::before {
  animation: none; } }
@media (max-height: 32rem) { #rq-ask { position: static; } }
@media (max-width: 30rem) { .rq-source summary { flex-wrap: wrap; } .rq-where { flex-basis: 70%; }
  summary .rq-verdict { flex-basis: 80%; order: 4; padding-left: 1.7rem; } }
"""

# A marker opens its source; an opened source shows its quote. Each new answer replaces the whole log, which
# would close the sources that a reader has opened, so they are opened again.
SCRIPT = """
const opened = new Set();
const find = (id) => element.querySelector('[id="' + CSS.escape(id) + '"]');
const showQuote = (source) => (source.querySelector('mark') || source).scrollIntoView({ block: 'nearest' });
element.addEventListener('toggle', (event) => {
  const source = event.target;
  if (source.open) opened.add(source.id); else opened.delete(source.id);
  if (source.open && event.oldState === 'closed') showQuote(source);
}, true);
element.addEventListener('click', (event) => {
  const marker = event.target.closest('a.rq-cite');
  if (!marker) return;
  event.preventDefault();
  const source = find(marker.getAttribute('href').slice(1));
  if (!source) return;
  source.open = true;
  source.querySelector('summary').focus({ preventScroll: true });
  showQuote(source);
});
watch('value', () => {
  for (const id of opened) { const source = find(id); if (source) source.open = true; }
  const turns = element.querySelectorAll('.rq-turn');
  if (turns.length) turns[turns.length - 1].scrollIntoView({ block: 'start' });
});
"""
