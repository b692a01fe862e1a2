// One script for the three parts of the reports' tab: the list, the changes and the report that is open.
// A button's data-do goes to the server with the data- values beside it, unless the browser can do it by itself.
const one = (selector) => element.querySelector(selector);
const all = (selector) => [...element.querySelectorAll(selector)];
const tab = element.closest('#rq-shelf-tab');
const send = (what, values = {}) => {
  if (what === 'open') tab.dataset.wish = values.id;
  if (what === 'back') tab.dataset.wish = '';
  trigger('change_shelf', { do: what, ...values });
};
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

// The list: search and sort, which hold when the server sends it again.
let sorted = { key: '', down: false };
const search = () => {
  const count = one('.rq-shelf-count');
  if (!count) return;
  const wanted = fold(one('input[type=search]').value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of all('tbody tr')) {
    const text = fold(row.textContent);
    row.hidden = !wanted.every((word) => text.includes(word));
    shown += !row.hidden;
  }
  count.textContent = count.dataset.count.replace('{0}', shown);
};
const sort = () => {
  const body = one('tbody');
  if (!body) return;
  for (const button of all('[data-sort]')) {
    const is = button.dataset.sort === sorted.key;
    button.closest('th').setAttribute('aria-sort', is ? (sorted.down ? 'descending' : 'ascending') : 'none');
  }
  if (!sorted.key) return;
  const column = all('[data-sort]').findIndex((button) => button.dataset.sort === sorted.key);
  const key = (row) => row.cells[column].dataset.key;
  const rows = all('tbody tr');
  // what is not known comes last either way
  rows.sort((a, b) => (!key(a) - !key(b)) || collator.compare(key(a), key(b)) * (sorted.down ? -1 : 1));
  body.append(...rows);
};

// The changes: what has ended since is read out once.
let told = new Set();
const readOut = () => {
  const place = one('[data-told]');
  if (!place) { told = new Set(); return; }
  const now = place.dataset.told.split('; ').filter(Boolean);
  const fresh = now.filter((line) => !told.has(line));
  told = new Set(now);
  if (fresh.length) place.textContent = fresh.join(' ');
};

// While a change is under way, the server is asked how far it is.
const LOOK_MS = 700;
let looking = 0;
const keepLooking = () => {
  const busy = one('[data-busy]');
  if (busy && !looking) looking = setInterval(() => trigger('look'), LOOK_MS);
  else if (!busy && looking) { clearInterval(looking); looking = 0; }
};

// The open report: where to go in it, and where the focus belongs.
let open = '';
const visit = (id) => {
  const place = one(`[id="rq-section-${CSS.escape(id)}"]`);
  if (!place) return false;
  place.scrollIntoView({ block: 'start' });
  place.focus({ preventScroll: true });
  return true;
};
const leave = (id) => {
  const list = document.querySelector('#rq-shelf');
  (list?.querySelector(`tr[data-id="${CSS.escape(id)}"] button`) ?? list?.querySelector('input'))?.focus();
};
let wanted = '';
const arrive = () => {
  if (!element.closest('#rq-report')) return;
  const page = one('.rq-reading');
  const id = page ? page.dataset.report || ' ' : '';
  const wish = tab.dataset.wish;
  if (page?.dataset.report && wish !== undefined && wish !== page.dataset.report) {
    // an answer on its way when another report was asked for, or the list
    if (wish) send('open', { id: wish }); else send('back');
    return;
  }
  if (!page) tab.dataset.wish = '';
  if (id !== open) {
    if (page) { tab.scrollTop = 0; one('h2').focus({ preventScroll: true }); }
    else leave(open);
    open = id;
  } else if (wanted && visit(wanted)) {
    wanted = '';
  } else one('[role=alert]')?.focus();
};

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const row = event.target.closest('tbody tr');
  if (button?.dataset.sort) {
    sorted = { key: button.dataset.sort, down: sorted.key === button.dataset.sort && !sorted.down };
    sort();
    return;
  }
  if (!button) {
    if (row && !getSelection().toString()) send('open', { id: row.dataset.id });
    return;
  }
  const { do: what, ...values } = button.dataset;
  if (what === 'ask_delete') one('dialog').showModal();
  else if (what === 'swap') document.querySelector('#rq-replace')?.click();
  else if (what === 'keep') one('dialog').close();
  else if (what === 'cancel') { one('.rq-edit').open = false; one('.rq-edit-form').reset(); one('.rq-edit summary').focus(); }
  else if (what === 'section' && visit(values.section)) return;
  else if (what) {
    if (what === 'section') wanted = values.section;
    if (what === 'delete') one('dialog').close();
    send(what, values);
  }
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  send('correct', { values: Object.fromEntries(new FormData(event.target)) });
});
element.addEventListener('input', (event) => { if (event.target.type === 'search') search(); });
// The drop zone is Gradio's: words for it come with the list, and again whenever Gradio draws it anew.
const wordDrop = () => {
  const words = one('[data-drop]')?.dataset.drop;
  if (!words) return;
  tab.style.setProperty('--rq-drop', JSON.stringify(words));
  for (const part of document.querySelectorAll('#rq-drop button[aria-dropeffect], #rq-drop input[type=file]')) {
    if (part.getAttribute('aria-label') !== words) part.setAttribute('aria-label', words);
  }
};
if (element.closest('#rq-shelf')) new MutationObserver(wordDrop).observe(tab, { childList: true, subtree: true });
watch('value', () => { sort(); search(); readOut(); keepLooking(); arrive(); wordDrop(); });
