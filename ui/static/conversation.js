// Turns, citation chips with their cards, and what can be done with an answer.
const scroll = within(element, '.rq-scroll');
const log = within(element, '.rq-turns');
const top = within(element, '.rq-top');
const start = within(element, '.rq-start');
const said = within(element, '.rq-said');
const float = within(element, '.rq-float');
const LOOK_MS = 700; // between two looks whether more examples have been found
const turns = new Map();
let shown = null;
let hiding;
let looking;
let wasBusy = false;
let held = ''; // the turn that was last answered while it was looked at
let following = '';

// Address and title follow the conversation, so that reload, back and bookmarks work.
const remark = (id) => {
  const here = new URL(location);
  if ((here.searchParams.get('c') || '') === id) return;
  if (id) here.searchParams.set('c', id); else here.searchParams.delete('c');
  history[shown === null ? 'replaceState' : 'pushState']({}, '', here);
};
// The newest turn is as high as the window, so its question can stay at the top while text below it changes.
const reserve = () => {
  const height = `${scroll.clientHeight - 24}px`; // read first: to lay out without the reserve would scroll
  for (const turn of log.children) {
    const kept = turn === log.lastElementChild && (log.children.length > 1 || turn.dataset.key === held);
    turn.style.minHeight = kept ? height : '';
  }
};
// Only this part scrolls: scrollIntoView would move the page around it as well.
const toTop = (turn, atOnce) => {
  const top = scroll.scrollTop + turn.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 8;
  scroll.scrollTo({ top, behavior: atOnce || matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth' });
};
const announce = (turn, busy) => {
  const text = within(turn, busy ? '.rq-pending' : '.rq-answer, .rq-error')?.textContent || '';
  const words = busy ? text : (within(turn, '.rq-none .rq-text, .rq-text, .rq-error p')?.textContent || text);
  if (said.textContent !== words) said.textContent = words;
};
const render = (state) => {
  if (!state || !state.turns) return;
  const fresh = state.id !== shown;
  put(top, state.top);
  put(start, state.start);
  const wanted = new Set(state.turns.map(([key]) => key));
  for (const [key, turn] of turns) if (fresh || !wanted.has(key)) { turn.remove(); turns.delete(key); }
  let added = null;
  for (const [key, html] of state.turns) {
    let turn = turns.get(key);
    if (!turn) {
      turn = document.createElement('article');
      turn.className = 'rq-turn';
      turn.dataset.key = key;
      log.append(turn);
      turns.set(key, turn);
      added = turn;
    }
    const cited = document.activeElement?.closest?.('.rq-turn') === turn ? document.activeElement.dataset.cite : null;
    if (put(turn, html) && cited) within(turn, `[data-cite="${CSS.escape(cited)}"]`)?.focus({ preventScroll: true });
  }
  if (state.busy) held = log.lastElementChild.dataset.key;
  reserve();
  if (shown !== state.id) remark(state.id);
  shown = state.id;
  const last = log.lastElementChild;
  if (added && last) toTop(last, fresh);
  if (last && (state.busy || wasBusy)) announce(last, state.busy);
  wasBusy = state.busy;
  const mine = state.busy ? `${state.id}/${last.dataset.key}` : '';
  if (mine && mine !== following) trigger('follow', { id: state.id });
  following = mine;
  // An interval: what looks the same when it comes again is not told.
  clearInterval(looking);
  if (state.pending) looking = setInterval(() => trigger('look', {}), LOOK_MS);
};

// Cards
const cardOf = (node) => document.getElementById(node.dataset.cite);
const hide = () => { float.hidden = true; };
const show = (chip) => {
  clearTimeout(hiding);
  const card = cardOf(chip);
  if (!card) return;
  const copy = card.cloneNode(true);
  copy.removeAttribute('id');
  float.replaceChildren(copy);
  float.hidden = false;
  const at = chip.getBoundingClientRect();
  const size = float.getBoundingClientRect();
  float.style.left = `${Math.max(12, Math.min(at.left - 24, innerWidth - size.width - 12))}px`;
  const below = at.bottom + 6 + size.height < innerHeight;
  float.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - size.height)}px`;
};
element.addEventListener('pointerover', (event) => {
  if (event.pointerType === 'touch') return;
  const chip = event.target.closest('button.rq-chip');
  if (chip) show(chip); else if (event.target.closest('.rq-float')) clearTimeout(hiding);
});
element.addEventListener('pointerout', (event) => {
  if (event.target.closest('button.rq-chip, .rq-float')) { clearTimeout(hiding); hiding = setTimeout(hide, 150); }
});
element.addEventListener('focusin', (event) => {
  const chip = event.target.closest('button.rq-chip');
  if (chip?.matches(':focus-visible')) show(chip);
});
element.addEventListener('focusout', hide);
scroll.addEventListener('scroll', hide, { passive: true });
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !float.hidden) { hide(); event.stopImmediatePropagation(); }
}, true);

// What a source panel can open from here: the citations of one answer, or the passages of one abstention.
const placeOf = (node) => ({
  ...node.dataset,
  title: within(node, '.rq-card-title, .rq-title')?.textContent || '',
  quote: within(node, '.rq-quote, .rq-excerpt')?.textContent || '',
});
const openSource = (button) => {
  const turn = button.closest('.rq-turn');
  const nodes = [...turn.querySelectorAll('.rq-card, .rq-passage')];
  const index = nodes.indexOf(cardOf(button));
  if (index < 0) return;
  hide();
  tell('rq:open', { places: nodes.map(placeOf), index, opener: button, turn: turn.dataset.key });
};
document.addEventListener('rq:at', (event) => {
  for (const node of log.querySelectorAll('.rq-current')) node.classList.remove('rq-current');
  const id = event.detail?.cite;
  if (id) for (const node of log.querySelectorAll(`button[data-cite="${CSS.escape(id)}"]`)) node.classList.add('rq-current');
});

const copy = async (button) => {
  const text = button.dataset.copy;
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else {
    const area = document.createElement('textarea');
    area.value = text;
    element.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const label = within(button, 'span');
  const before = label.textContent;
  label.textContent = button.dataset.done;
  said.textContent = button.dataset.done;
  setTimeout(() => { label.textContent = before; }, 1500);
};
const edit = (turn, open) => {
  const form = within(turn, '.rq-edit');
  const area = within(form, 'textarea');
  form.hidden = !open;
  within(turn, '.rq-asked').hidden = open;
  if (!open) return within(turn, '[data-act=edit]').focus();
  area.value = within(turn, '.rq-question').textContent;
  area.style.height = 'auto';
  return area.focus();
};
const judge = (turn, button) => {
  const pressed = button.getAttribute('aria-pressed') === 'true';
  for (const thumb of turn.querySelectorAll('.rq-thumb')) thumb.setAttribute('aria-pressed', 'false');
  if (!pressed) button.setAttribute('aria-pressed', 'true');
  within(turn, '.rq-feedback').hidden = pressed;
  send(turn, pressed ? '' : button.dataset.good);
};
const send = (turn, good) => {
  const form = within(turn, '.rq-feedback');
  const read = (name) => within(form, `[name=${name}]`).value;
  trigger('judge', { entry: turn.dataset.key, good, reason: read('reason'), correction: read('correction') });
};
element.addEventListener('click', (event) => {
  const cite = event.target.closest('button[data-cite]');
  if (cite) return openSource(cite);
  const button = act(event);
  if (!button) return undefined;
  const turn = button.closest('.rq-turn');
  const entry = turn?.dataset.key;
  switch (button.dataset.act) {
    case 'copy': return copy(button);
    case 'edit': return edit(turn, true);
    case 'cancel': {
      const form = button.closest('form');
      if (form.matches('.rq-edit')) return edit(turn, false);
      form.hidden = true;
      return within(turn, '.rq-thumb').focus();
    }
    case 'again': return trigger('again', { entry });
    case 'unfiltered': return trigger('again', { entry, unfiltered: true });
    case 'judge': return judge(turn, button);
    case 'example': return trigger('ask', { question: button.textContent });
    case 'samples': return trigger('samples', {});
    case 'reports': return document.querySelectorAll('#rq-tabs [role=tab]')[1]?.click();
    default: return undefined;
  }
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.target;
  const turn = form.closest('.rq-turn');
  if (form.matches('.rq-edit')) {
    const question = within(form, 'textarea').value.trim();
    if (question) trigger('resend', { entry: turn.dataset.key, question });
    return;
  }
  send(turn, within(turn, '.rq-thumb[aria-pressed="true"]')?.dataset.good || '');
  const thanks = within(form, '.rq-thanks');
  thanks.textContent = thanks.dataset.done;
  setTimeout(() => { form.hidden = true; thanks.textContent = ''; }, 1200);
});
element.addEventListener('keydown', (event) => {
  const form = event.target.closest('.rq-edit');
  if (!form) return;
  if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); }
  if (event.key === 'Escape') edit(form.closest('.rq-turn'), false);
});
document.addEventListener('rq:question', () => within(document, '#rq-question textarea')?.focus());
addEventListener('resize', reserve);
watch('value', () => render(props.value));
// A newer start comes by itself, so that it never takes the place of a question that was just asked.
document.addEventListener('rq:start', (event) => { if (!shown && !turns.size && !props.value?.id) render(event.detail); });
render(props.value);
