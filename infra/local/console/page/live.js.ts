/**
 * The console's one script, as text that is served as it is. Nothing needs it.
 * - Looks at the page again every two seconds while it is seen, and takes over what changed in `[data-live]`: what is
 *   unfolded, focused or scrolled stays so.
 * - Lets the clock tick and ages grow in between.
 * - Sends forms without leaving the page.
 */
export const LIVE_JS = `'use strict';
const EVERY_MS = 2000;
const take = (old, next) => {
  if (old.nodeType === 3) { if (old.data !== next.data) old.data = next.data; return; }
  if (old.nodeType !== 1 || old.isEqualNode(next)) return;
  for (const { name } of [...old.attributes]) {
    if (name !== 'open' && name !== 'aria-busy' && !next.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (name !== 'open' && name !== 'value' && old.getAttribute(name) !== value) old.setAttribute(name, value);
    if (name === 'value' && old !== document.activeElement && !old.matches('[type=datetime-local]')) old.setAttribute(name, value);
  }
  const byId = new Map([...old.children].filter(child => child.id).map(child => [child.id, child]));
  let cursor = old.firstChild;
  for (const want of [...next.childNodes]) {
    const alike = cursor && cursor.nodeName === want.nodeName && !cursor.id && !want.id;
    const match = (want.id && byId.get(want.id)) || (alike ? cursor : undefined);
    if (!match) { old.insertBefore(document.importNode(want, true), cursor); continue; }
    if (match === cursor) cursor = cursor.nextSibling; else old.insertBefore(match, cursor);
    take(match, want);
  }
  while (cursor) { const after = cursor.nextSibling; cursor.remove(); cursor = after; }
};
const isReading = region => {
  const selection = getSelection();
  if (selection && !selection.isCollapsed && region.contains(selection.anchorNode)) return true;
  return document.activeElement?.matches('input, select, textarea') && region.contains(document.activeElement);
};
const takeOver = (text, isForced) => {
  const next = new DOMParser().parseFromString(text, 'text/html');
  for (const region of document.querySelectorAll('[data-live]')) {
    const fresh = next.getElementById(region.id);
    if (fresh && (isForced || !isReading(region))) take(region, fresh);
  }
  document.title = next.title;
  seenAt = Date.now();
};
let seenAt = Date.now();
let sending = 0;
let isHeld = false;
const look = async () => {
  if (!document.hidden && sending === 0 && !isHeld) {
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      const text = await answer.text();
      if (answer.ok && sending === 0) takeOver(text, false);
      document.documentElement.classList.remove('away');
    } catch { document.documentElement.classList.add('away'); }
  }
  setTimeout(look, EVERY_MS);
};
setTimeout(look, EVERY_MS);
document.querySelector('.side [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
document.addEventListener('submit', async event => {
  const form = event.target;
  if (form.method !== 'post' || form.action.endsWith('/theme')) return;
  event.preventDefault();
  if (sending > 0) return;
  sending += 1;
  const bar = document.getElementById('clock');
  if (form.matches('[data-move]')) bar.setAttribute('aria-busy', 'true');
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } });
    // What went wrong stays until somebody goes on.
    isHeld = !answer.ok;
    if (answer.ok) form.reset();
    const details = form.closest('#move-to');
    if (details) details.open = false;
    takeOver(await answer.text(), true);
    if (answer.redirected) history.replaceState(null, '', answer.url);
  } catch { document.documentElement.classList.add('away'); }
  bar.removeAttribute('aria-busy');
  sending -= 1;
});
const pad = number => String(number).padStart(2, '0');
const lengthOf = ms => {
  const [seconds, minutes, hours, days] = [1e3, 6e4, 36e5, 864e5].map(unit => Math.floor(ms / unit));
  return minutes < 1 ? seconds + ' s' : hours < 1 ? minutes + ' min' : days < 2 ? hours + ' h' : days + ' d';
};
setInterval(() => {
  const clock = document.querySelector('[data-clock]');
  if (!clock || clock.dataset.mode === 'frozen' || document.hidden) return;
  const now = Number(clock.dataset.clock) + Date.now() - seenAt;
  const date = new Date(now);
  clock.textContent = date.toISOString().slice(0, 10) + ' ' + [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(pad).join(':');
  for (const age of document.querySelectorAll('[data-ago]')) {
    const distance = Number(age.dataset.ago) - now;
    const length = lengthOf(Math.abs(distance));
    const text = Math.abs(distance) < 2000 ? 'now' : distance > 0 ? 'in ' + length : length + ' ago';
    if (age.textContent !== text) age.textContent = text;
  }
}, 1000);
`
