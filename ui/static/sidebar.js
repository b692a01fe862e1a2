// The list of conversations: open, search, rename, delete.
const side = within(element, '.rq-side');
let searching;
let leaving = null;
const render = () => {
  const { frame: around, list } = props.value || {};
  if (!around) return;
  const sought = within(side, 'input[type=search]')?.value || '';
  if (put(side, around)) {
    const input = within(side, 'input[type=search]');
    input.value = sought;
  }
  const open = within(side, '.rq-item input');
  if (!open) put(within(side, '.rq-conversations'), list);
};
const itemOf = (node) => node.closest('.rq-item');
const rename = (item) => {
  const input = document.createElement('input');
  input.value = item.dataset.title;
  input.maxLength = 200;
  input.setAttribute('aria-label', within(item, '[data-act=rename]').getAttribute('aria-label'));
  const link = within(item, '.rq-open');
  let ended = false;
  const done = (save) => {
    if (ended) return; // taking the field away blurs it
    ended = true;
    const title = input.value.trim();
    input.replaceWith(link);
    if (save && title && title !== item.dataset.title) {
      link.textContent = title;
      trigger('rename', { id: item.dataset.id, title });
    }
    link.focus();
  };
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') done(true);
    if (event.key === 'Escape') { event.stopPropagation(); done(false); }
  });
  input.addEventListener('blur', () => done(true));
  link.replaceWith(input);
  input.focus();
  input.select();
};
element.addEventListener('click', (event) => {
  const link = event.target.closest('.rq-open');
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    trigger('open', { id: itemOf(link).dataset.id });
    if (isNarrow()) tell('rq:menu', { open: false });
    return;
  }
  const button = act(event);
  if (!button) return;
  const dialog = within(side, 'dialog');
  switch (button.dataset.act) {
    case 'new':
      trigger('open', { id: '' });
      if (isNarrow()) tell('rq:menu', { open: false });
      tell('rq:question');
      break;
    case 'menu': tell('rq:menu', { open: false }); break;
    case 'rename': rename(itemOf(button)); break;
    case 'delete':
      leaving = itemOf(button);
      within(dialog, '.rq-dialog-name').textContent = leaving.dataset.title;
      dialog.showModal();
      within(dialog, '[data-act=keep]').focus();
      break;
    case 'delete-now':
      dialog.close();
      trigger('remove', { id: leaving.dataset.id });
      break;
    case 'keep': dialog.close(); break;
  }
});
element.addEventListener('input', (event) => {
  if (event.target.type !== 'search') return;
  clearTimeout(searching);
  searching = setTimeout(() => trigger('search', { words: event.target.value }), 200);
});
document.addEventListener('click', (event) => {
  const open = isNarrow() && !frame().classList.contains('rq-side-hidden');
  if (open && !event.target.closest('#rq-left, .rq-menu, dialog')) tell('rq:menu', { open: false });
});
addEventListener('popstate', () => trigger('open', { id: new URLSearchParams(location.search).get('c') || '', back: true }));
watch('value', render);
render();
frame().classList.toggle('rq-side-hidden', isNarrow());
tell('rq:side');
