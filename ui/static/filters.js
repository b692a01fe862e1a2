// The filters in use, and the button that shows the fields to set them.
const fields = () => document.getElementById('rq-filters');
const showFields = (open) => {
  fields()?.classList.toggle('rq-shown', open);
  within(element, '[data-act=filters]')?.setAttribute('aria-expanded', String(open));
};
element.addEventListener('click', (event) => {
  const button = act(event);
  if (!button) return;
  switch (button.dataset.act) {
    case 'filters': showFields(!fields().classList.contains('rq-shown')); break;
    case 'remove': trigger('drop', { filter: button.dataset.filter }); break;
    case 'clear': trigger('drop', { filter: '' }); break;
  }
});
// Gradio names its buttons in the browser's language, and by number.
const nameButtons = () => {
  const words = within(element, '.rq-filter-bar')?.dataset;
  for (const part of words ? fields()?.querySelectorAll('.token-remove') ?? [] : []) {
    const name = part.classList.contains('remove-all') ? words.clear : `${words.remove}: ${part.parentElement.textContent.trim()}`;
    if (part.title !== name) part.title = name;
  }
};
if (fields()) new MutationObserver(nameButtons).observe(fields(), { childList: true, subtree: true });
watch('value', nameButtons);
watch('value', () => showFields(fields()?.classList.contains('rq-shown') || false));
