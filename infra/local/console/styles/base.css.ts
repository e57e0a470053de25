/** Elements: reset, type, links, focus, forms, tables, code. */
export const BASE_CSS = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 400 var(--text-m)/1.55 var(--font);
  font-variant-numeric: tabular-nums; min-height: 100vh; display: flex; flex-direction: column; overflow-wrap: break-word; }
h1, h2, p, ul, dl, dd, figure { margin: 0; }
ul { padding: 0; list-style: none; }
h1 { font-size: var(--text-xl); line-height: 1.25; font-weight: 650; letter-spacing: -.018em; overflow-wrap: anywhere; }
h2 { font-size: var(--text-m); line-height: 1.35; font-weight: 620; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 3px; }
p a, td a, dd a, .letter a { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px;
  text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.scroll:focus-visible, pre:focus-visible { outline-offset: -2px; }
code, pre { font-family: var(--mono); font-size: .9em; }
pre { margin: 0; padding: var(--s3) var(--s4); background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius-s);
  overflow: auto; max-height: 26rem; font-size: var(--text-s); line-height: 1.6; tab-size: 2; }
button, .button { appearance: none; display: inline-flex; align-items: center; justify-content: center; gap: var(--s2);
  min-height: 34px; padding: 0 var(--s3); border: 1px solid var(--control); border-radius: var(--radius-s); background: var(--raised);
  color: var(--ink); font: 560 var(--text-s)/1 var(--font); cursor: pointer; white-space: nowrap; box-shadow: var(--shadow);
  transition: background-color .12s, border-color .12s; }
button:hover, .button:hover { background: var(--sunken); text-decoration: none; }
.primary, .primary:hover { background: var(--accent-fill); border-color: var(--accent-fill); color: var(--on-accent); }
.primary:hover { background: var(--accent-fill-2); border-color: var(--accent-fill-2); }
.danger { color: var(--bad); }
.small { min-height: 30px; }
label { font-weight: 560; font-size: var(--text-s); }
input, select { width: 100%; min-height: 38px; padding: 0 var(--s3); border: 1px solid var(--control); border-radius: var(--radius-s);
  background: var(--ground); color: var(--ink); font: 400 var(--text-m)/1.4 var(--font); }
input::placeholder { color: var(--ink-2); opacity: 1; }
input:focus-visible, select:focus-visible { outline-offset: 0; border-color: var(--accent); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: var(--s3) var(--s4); text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td, tbody th { white-space: nowrap; }
td.text, tbody th.text { white-space: normal; min-width: 18rem; overflow-wrap: anywhere; }
thead th { font-size: var(--text-xs); font-weight: 560; color: var(--ink-2); white-space: nowrap; padding-block: var(--s2); }
tbody th { font-weight: 520; }
tbody tr:last-child > * { border-bottom: 0; }
tbody tr:hover > * { background: color-mix(in srgb, var(--sunken) 60%, transparent); }
.num { text-align: right; white-space: nowrap; }
.muted { color: var(--ink-2); }
.fine { font-size: var(--text-s); color: var(--ink-2); font-weight: 400; }
.ago { color: var(--ink-2); }
time .ago { margin-left: var(--s1); font-size: var(--text-s); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: var(--s3); top: -4rem; background: var(--raised); padding: var(--s2) var(--s4); border-radius: var(--radius-s); z-index: 9; }
.skip:focus { top: var(--s3); }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
`
