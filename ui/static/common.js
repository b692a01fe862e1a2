// Small helpers that every part of the page uses; put before each part's own file.
const body = document.body;
const within = (node, selector) => node.querySelector(selector);
const put = (node, html) => {
  if (node.rqHtml === html) return false;
  node.rqHtml = html;
  node.innerHTML = html;
  return true;
};
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const act = (event) => event.target.closest('[data-act]');
const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };
const isNarrow = () => matchMedia('(max-width: 62rem)').matches;
const frame = () => document.getElementById('rq-frame');
