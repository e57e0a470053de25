/** Elements: reset, type, links, focus, forms, tables, code. */
export const BASE_CSS = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 400 var(--text-m)/1.55 var(--font);
  font-variant-numeric: tabular-nums; min-height: 100vh; display: flex; flex-direction: column; overflow-wrap: break-word; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; }
ul, ol { padding: 0; list-style: none; }
h1 { font-size: var(--text-xl); line-height: 1.25; font-weight: 650; letter-spacing: -.018em; }
h2 { font-size: var(--text-l); line-height: 1.35; font-weight: 620; letter-spacing: -.01em; }
h3 { font-size: var(--text-m); font-weight: 620; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: 3px; }
p a, td a, dd a { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px;
  text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre, .mono { font-family: var(--mono); font-size: .9em; }
pre { margin: 0; padding: var(--s4); background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius);
  overflow-x: auto; line-height: 1.6; tab-size: 2; }
pre code { font-size: var(--text-s); }
button, .button { appearance: none; display: inline-flex; align-items: center; justify-content: center; gap: var(--s2);
  min-height: 36px; padding: 0 var(--s4); border: 1px solid var(--control); border-radius: var(--radius-s); background: var(--raised);
  color: var(--ink); font: 560 var(--text-m)/1 var(--font); cursor: pointer; white-space: nowrap; box-shadow: var(--shadow);
  transition: background-color .12s, border-color .12s; }
button:hover, .button:hover { background: var(--sunken); text-decoration: none; }
button[disabled] { opacity: .6; cursor: default; }
.primary, .primary:hover { background: var(--accent-fill); border-color: var(--accent-fill); color: var(--on-accent); }
.primary:hover { background: var(--accent-fill-2); border-color: var(--accent-fill-2); }
.danger { color: var(--bad); }
.quiet { border-color: transparent; background: none; box-shadow: none; color: var(--ink-2); padding: 0 var(--s2); font-weight: 500; }
.quiet:hover { background: var(--sunken); color: var(--ink); }
.small { min-height: 30px; padding: 0 var(--s3); font-size: var(--text-s); }
.wide { width: 100%; min-height: 42px; }
label { font-weight: 560; font-size: var(--text-s); }
input, select { width: 100%; min-height: 40px; padding: 0 var(--s3); border: 1px solid var(--control); border-radius: var(--radius-s);
  background: var(--ground); color: var(--ink); font: 400 1rem/1.4 var(--font); }
input:focus-visible, select:focus-visible { outline-offset: 0; border-color: var(--accent); }
input[aria-invalid="true"] { border-color: var(--bad); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: var(--s3) var(--s4); text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { font-size: var(--text-xs); font-weight: 560; color: var(--ink-2); white-space: nowrap; padding-block: var(--s2); }
tbody th { font-weight: 560; }
tbody tr:last-child > * { border-bottom: 0; }
tfoot tr > * { border-bottom: 0; border-top: 1px solid var(--line); font-weight: 620; }
.num { text-align: right; white-space: nowrap; }
.nowrap { white-space: nowrap; }
.muted { color: var(--ink-2); }
.fine { font-size: var(--text-s); color: var(--ink-2); font-weight: 400; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: var(--s3); top: -4rem; background: var(--raised); padding: var(--s2) var(--s4); border-radius: var(--radius-s); z-index: 9; }
.skip:focus { top: var(--s3); }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
`
