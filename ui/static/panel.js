// The source panel: a quote in its section, on its page, or the whole report.
let places = [];
let index = 0;
let opener = null;
let asked = 0;
const panel = () => within(element, '.rq-panel');
const content = () => within(element, '.rq-panel-body');
const rest = () => [document.getElementById('rq-left'), document.getElementById('rq-middle'), document.getElementById('rq-header')];

// Only the panel scrolls: scrollIntoView would move the page around it as well.
const toMiddle = (node) => {
  const box = content().getBoundingClientRect();
  const at = node?.getBoundingClientRect();
  const below = at ? content().scrollTop + at.top - box.top : 0;
  const wanted = below + (at?.height || 0) < box.height * .75 ? 0 : below - Math.max(40, (box.height - at.height) / 3);
  content().scrollTo({ top: wanted, behavior: 'instant' });
};
const showMark = () => {
  const mark = within(content(), 'mark') || within(content(), '.rq-box');
  toMiddle(mark);
  const table = mark?.closest('.rq-table');
  if (table) table.scrollLeft = mark.getBoundingClientRect().left - table.getBoundingClientRect().left - 120;
};
const enlarge = (button) => {
  const desk = within(content(), '.rq-desk');
  const large = desk?.classList.toggle('rq-large') || false;
  button.setAttribute('aria-pressed', String(large));
  const box = within(desk, '.rq-box');
  if (box && large) desk.scrollLeft = box.offsetLeft - 24;
  toMiddle(box);
};
const load = async (view, page) => {
  const place = places[index];
  const mine = ++asked;
  const query = new URLSearchParams({
    report: place.report, start: place.start, end: place.end, check: place.check || '', view, language: document.documentElement.lang,
  });
  if (page) query.set('page', page);
  content().setAttribute('aria-busy', 'true');
  let html = '';
  try {
    const response = await fetch(`/source?${query}`);
    if (response.ok) html = await response.text();
  } catch { /* told below */ }
  if (mine !== asked) return;
  content().removeAttribute('aria-busy');
  if (!html) {
    content().textContent = panel().dataset.failed;
    return;
  }
  content().innerHTML = html;
  const lost = within(content(), '[data-lost]');
  if (lost) {
    lost.textContent = place.quote;
    const title = within(content(), '.rq-panel-title');
    if (!title.textContent) title.textContent = place.title;
  }
  for (const image of content().querySelectorAll('img')) {
    image.addEventListener('error', () => { image.replaceWith(image.dataset.failed); });
  }
  showMark();
};
const go = (to, view = 'text') => {
  index = to;
  const place = places[index];
  within(element, '.rq-panel-number').textContent = places.length > 1 ? `${place.marker || index + 1} / ${places.length}` : place.marker || '';
  within(element, '[data-act=previous]').disabled = index === 0;
  within(element, '[data-act=next]').disabled = index === places.length - 1;
  tell('rq:at', { cite: place.cite });
  return load(view);
};
const open = (detail) => {
  ({ places, opener } = detail);
  panel().hidden = false;
  for (const other of rest()) if (other) other.inert = isNarrow();
  go(detail.index);
  content().focus({ preventScroll: true });
};
const close = () => {
  if (panel().hidden) return;
  panel().hidden = true;
  asked += 1;
  content().innerHTML = '';
  for (const other of rest()) if (other) other.inert = false;
  tell('rq:at', {});
  if (opener?.isConnected) opener.focus({ preventScroll: true });
};
element.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#section-"]');
  if (link) {
    event.preventDefault();
    const section = within(content(), `[id="${CSS.escape(link.hash.slice(1))}"]`);
    content().scrollTo({ top: content().scrollTop + section.getBoundingClientRect().top - content().getBoundingClientRect().top - 8 });
    return;
  }
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.view) load(button.dataset.view, button.dataset.page);
  else if (button.dataset.act === 'close') close();
  else if (button.dataset.act === 'enlarge') enlarge(button);
  else if (button.dataset.act === 'previous') go(index - 1);
  else if (button.dataset.act === 'next') go(index + 1);
});
element.addEventListener('keydown', (event) => {
  if (event.target !== content()) return;
  if (event.key === 'ArrowRight' && index < places.length - 1) go(index + 1);
  if (event.key === 'ArrowLeft' && index > 0) go(index - 1);
});
document.addEventListener('rq:open', (event) => open(event.detail));
document.addEventListener('rq:close', close);
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !within(document, 'dialog[open]')) close(); });
let language = null;
watch('value', () => {
  const pressed = within(document, '[data-language][aria-pressed="true"]')?.dataset.language;
  if (language === pressed) return;
  language = pressed;
  panel().hidden = true;
});
addEventListener('resize', () => { const narrow = isNarrow() && !panel()?.hidden; for (const other of rest()) if (other) other.inert = narrow; });
