// Language and colours, and the button that shows the conversations.
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => {
  const theme = remembered('rq-theme') || 'auto';
  body.classList.toggle('dark', theme === 'dark' || (theme === 'auto' && dark.matches));
  for (const button of element.querySelectorAll('[data-theme]')) {
    button.setAttribute('aria-pressed', String(button.dataset.theme === theme));
  }
};
const showSide = (open) => {
  frame()?.classList.toggle('rq-side-hidden', !open);
  within(element, '.rq-menu')?.setAttribute('aria-expanded', String(open));
};
const readSide = () => showSide(!frame()?.classList.contains('rq-side-hidden'));
const readLanguage = () => {
  const pressed = within(element, '[data-language][aria-pressed="true"]');
  if (pressed) document.documentElement.lang = pressed.dataset.language;
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.theme) {
    remember('rq-theme', button.dataset.theme);
    paint();
  } else if (button.dataset.language) {
    remember('rq-language', button.dataset.language);
    trigger('speak', { language: button.dataset.language });
  } else if (button.dataset.act === 'menu') {
    tell('rq:menu');
  }
});
document.addEventListener('rq:menu', (event) => {
  const open = event.detail?.open ?? frame()?.classList.contains('rq-side-hidden');
  showSide(open);
  if (open && isNarrow()) within(document, '.rq-side button')?.focus();
  else if (isNarrow()) within(element, '.rq-menu')?.focus();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && isNarrow() && !frame()?.classList.contains('rq-side-hidden')) tell('rq:menu', { open: false });
});
dark.addEventListener('change', paint);
watch('value', () => { paint(); readLanguage(); readSide(); });
document.addEventListener('rq:side', readSide);
paint();
readLanguage();
