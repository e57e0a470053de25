/**
 * The one script of the portal, as text that is served as it is: bundlers would rewrite a function. Nothing needs it.
 * - `data-copy="#id"`: copies that element's text and says so.
 * - `data-once` on a form: a second click while the first is under way does nothing.
 * - `data-estimate` on a form: its slider sets the number, on a scale of tens from 100 to 10 million, and the bills that
 *   the server computes for it are swapped in.
 * - `data-watch="seconds"` on `main`: fetches the page again and swaps it in when its `data-state` has changed.
 */
export const ENHANCE_JS = `'use strict';
document.documentElement.classList.add('js');
document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const label = button.textContent;
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = 'Press Ctrl+C';
  }
  setTimeout(() => { button.textContent = label; }, 1800);
});
document.addEventListener('submit', event => {
  const form = event.target;
  if (!form.matches('[data-once]')) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = 'yes';
  for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
});
addEventListener('pageshow', event => {
  if (event.persisted) for (const form of document.querySelectorAll('[data-sent]')) delete form.dataset.sent;
});
const watch = () => {
  const main = document.querySelector('main[data-watch]');
  if (!main) return;
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
      if (answer.redirected || !next) return location.reload();
      if (next.dataset.state !== main.dataset.state) main.replaceWith(next);
    } catch { /* the next round tries again */ }
    watch();
  }, Number(main.dataset.watch) * 1000);
};
watch();
const estimate = document.querySelector('[data-estimate]');
if (estimate) {
  const { calls } = estimate.elements;
  const range = estimate.querySelector('[data-range]');
  const asked = () => Number(calls.value.replace(/[^0-9]/g, ''));
  const follow = () => { range.value = (Math.log10(Math.max(100, asked())) - 2) * 20; };
  let last = 0;
  const show = async () => {
    const round = ++last;
    const path = '/?calls=' + encodeURIComponent(calls.value);
    try {
      const answer = await fetch(path, { headers: { accept: 'text/html' } });
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-bills]');
      if (round !== last || !next) return;
      document.querySelector('[data-bills]').replaceWith(next);
      history.replaceState(null, '', path);
    } catch { /* the button asks again */ }
  };
  let pending;
  const soon = () => { clearTimeout(pending); pending = setTimeout(show, 120); };
  follow();
  range.addEventListener('input', () => {
    const exact = 10 ** (2 + Number(range.value) / 20);
    const step = 10 ** Math.floor(Math.log10(exact)) / 10;
    calls.value = (Math.round(exact / step) * step).toLocaleString('en-US');
    soon();
  });
  calls.addEventListener('input', () => { follow(); soon(); });
}
`
