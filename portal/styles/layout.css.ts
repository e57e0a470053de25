/** Frames: top bar, side navigation, public pages, narrow form pages, footer. */
export const LAYOUT_CSS = `
.bar { display: flex; align-items: center; gap: var(--s5); min-height: 60px; padding: 0 var(--s5); border-bottom: 1px solid var(--line); }
.brand { display: inline-flex; align-items: center; gap: var(--s2); color: var(--ink); font-weight: 680; font-size: 1.0625rem; letter-spacing: -.015em; min-height: 44px; }
.brand:hover { text-decoration: none; }
.brand svg { color: var(--accent); }
.bar nav { display: flex; gap: var(--s5); align-items: center; margin-left: auto; }
.bar nav a:not(.button) { white-space: nowrap; color: var(--ink-2); font-weight: 520; padding: var(--s2) 0; }
.bar nav a:not(.button):hover, .bar nav a[aria-current]:not(.button) { color: var(--ink); text-decoration: none; }
.bar .who { margin-left: auto; display: flex; align-items: center; gap: var(--s3); min-width: 0; }
.who .fine { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.frame { flex: 1; display: grid; grid-template-columns: 216px minmax(0, 1fr); width: 100%; max-width: 1320px; margin: 0 auto; }
.side { padding: var(--s5) var(--s4); border-right: 1px solid var(--line); }
.side ul { display: grid; gap: 2px; }
.side a { display: block; padding: 7px var(--s3); border-radius: var(--radius-s); color: var(--ink-2); font-weight: 520; }
.side a:hover { background: var(--sunken); color: var(--ink); text-decoration: none; }
.side a[aria-current="page"] { background: var(--accent-soft); color: var(--accent); }
.side .group { margin: var(--s5) 0 var(--s2) var(--s3); font-size: var(--text-xs); color: var(--ink-2); font-weight: 560; }
main { min-width: 0; width: 100%; }
.frame main { padding: var(--s6) clamp(var(--s4), 4vw, var(--s7)) var(--s8); max-width: 1060px; }
.stack { display: grid; gap: var(--s6); grid-template-columns: minmax(0, 1fr); }
.stack-s { display: grid; gap: var(--s3); grid-template-columns: minmax(0, 1fr); }
.stack-m { display: grid; gap: var(--s4); grid-template-columns: minmax(0, 1fr); }
.row { display: flex; flex-wrap: wrap; gap: var(--s3) var(--s4); align-items: center; }
.spread { justify-content: space-between; }
.head { display: flex; flex-wrap: wrap; gap: var(--s2) var(--s4); align-items: baseline; justify-content: space-between; }
.lede { color: var(--ink-2); max-width: 64ch; margin-top: var(--s1); }
.narrow { flex: 1; display: grid; place-items: start center; padding: clamp(var(--s6), 8vh, 6rem) var(--s4) var(--s7); background: var(--sunken); }
.narrow > .card { width: 100%; max-width: 420px; padding: var(--s6); box-shadow: var(--shadow-l); }
.narrow .fields { display: grid; gap: var(--s4); }
.narrow h1 { margin-bottom: var(--s1); }
.wrap { max-width: 1120px; margin: 0 auto; padding: 0 clamp(var(--s4), 4vw, var(--s5)); width: 100%; }
.hero { padding: clamp(var(--s7), 7vw, 5rem) 0 var(--s7); display: grid; gap: var(--s6) var(--s7); grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); align-items: center; }
.hero h1 { font-size: var(--text-2xl); line-height: 1.1; letter-spacing: -.032em; }
.hero p:not(.fine) { font-size: var(--text-l); color: var(--ink-2); max-width: 56ch; }
.section { padding: var(--s6) 0 var(--s7); }
.prose { display: grid; gap: var(--s4); max-width: 74ch; }
.docs { padding-block: var(--s7) var(--s8); display: grid; gap: var(--s7); grid-template-columns: minmax(0, 1fr); max-width: 860px; }
.foot { border-top: 1px solid var(--line); padding: var(--s4) var(--s5); display: flex; flex-wrap: wrap; gap: var(--s2) var(--s5);
  align-items: center; justify-content: space-between; font-size: var(--text-s); color: var(--ink-2); }
.foot a { color: var(--ink-2); }
.segmented { display: inline-flex; border: 1px solid var(--line); border-radius: var(--radius-s); padding: 2px; gap: 2px; background: var(--sunken); }
.segmented button, .segmented a { border: 0; box-shadow: none; background: none; min-height: 28px; padding: 0 var(--s3); font-size: var(--text-s);
  color: var(--ink-2); border-radius: 4px; display: inline-flex; align-items: center; font-weight: 520; }
.segmented a:hover, .segmented button:hover { color: var(--ink); text-decoration: none; }
.segmented [aria-current], .segmented [aria-pressed="true"] { background: var(--raised); color: var(--ink); box-shadow: var(--shadow); }
.phone-only { display: none; }
@media (max-width: 820px) {
  .frame { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .side { padding: var(--s2) var(--s3); border-right: 0; border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
  .side, .side ul { display: flex; }
  .side a { white-space: nowrap; padding: 8px var(--s3); }
  .side .group { display: none; }
  .frame main { padding-top: var(--s5); }
  .bar { padding: 0 var(--s4); gap: var(--s4); }
  .bar nav { gap: var(--s4); }
}
@media (max-width: 480px) {
  .phone-only { display: block; }
  .optional { display: none !important; }
  .bar nav { gap: var(--s3); }
  .side { padding-inline: var(--s1); }
  .side, .side ul { gap: 0; justify-content: space-between; }
  .side:has(.group) { display: grid; grid-template-columns: minmax(0, 1fr); overflow: visible; }
  .side ul { flex: 1; overflow-x: auto; scrollbar-width: none; }
  .side a { font-size: var(--text-s); padding-inline: 6px; }
  .narrow { background: var(--ground); padding-inline: 0; }
  .narrow > .card { border: 0; box-shadow: none; padding: 0 var(--s4); background: none; }
  .foot { padding-inline: var(--s4); }
}
`
