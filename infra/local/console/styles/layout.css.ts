/** Frame: top bar, clock, side navigation, main, footer. */
export const LAYOUT_CSS = `
.bar { display: flex; align-items: center; gap: var(--s5); min-height: 52px; padding: 0 var(--s5); border-bottom: 1px solid var(--line); }
.brand { display: inline-flex; align-items: center; gap: var(--s2); color: var(--ink); font-weight: 680; font-size: 1.0625rem; letter-spacing: -.015em; min-height: 44px; white-space: nowrap; }
.brand:hover { text-decoration: none; } .brand .muted { font-weight: 450; }
.bar nav { display: flex; gap: var(--s5); margin-left: auto; overflow-x: auto; scrollbar-width: none; }
.bar nav a { white-space: nowrap; color: var(--ink-2); font-weight: 520; font-size: var(--text-s); padding: var(--s2) 0; }
.bar nav a:hover { color: var(--ink); text-decoration: none; }
.clock { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: var(--s3) var(--s5);
  padding: var(--s3) var(--s5); background: var(--sunken); border-bottom: 1px solid var(--line); position: relative; }
.clock .now { color: var(--ink); font-size: var(--text-l); font-weight: 620; letter-spacing: -.01em; margin-right: var(--s2); white-space: nowrap; }
.clock .due { line-height: 1.4; }
.moves { display: flex; flex-wrap: wrap; gap: var(--s2); align-items: center; }
.moves details { position: relative; }
.moves summary { list-style: none; padding: 0 var(--s3); } .moves summary::-webkit-details-marker { display: none; }
.moves details[open] form { position: absolute; right: 0; top: calc(100% + 6px); z-index: 5; display: grid; gap: var(--s2); width: 240px; padding: var(--s4);
  background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow-l); }
.clock[aria-busy="true"] .moves { opacity: .55; pointer-events: none; }
.clock[aria-busy="true"]::after { content: ""; position: absolute; left: 0; bottom: -1px; height: 2px; width: 30%; background: var(--accent); animation: run 1.1s ease-in-out infinite alternate; }
@keyframes run { to { left: 70%; } }
.away .clock::after { content: "Not connected. Is the local cloud running?"; flex-basis: 100%; color: var(--bad); font-size: var(--text-s); font-weight: 560; }
.frame { flex: 1; display: grid; grid-template-columns: 208px minmax(0, 1fr); width: 100%; max-width: 1440px; margin: 0 auto; }
.side { padding: var(--s5) var(--s4); border-right: 1px solid var(--line); }
.side ul { display: grid; gap: 2px; position: sticky; top: var(--s5); }
.side a { display: flex; align-items: center; justify-content: space-between; gap: var(--s2); padding: 6px var(--s3); border-radius: var(--radius-s); color: var(--ink-2); font-weight: 520; }
.side a:hover { background: var(--sunken); color: var(--ink); text-decoration: none; }
.side a[aria-current="page"] { background: var(--accent-soft); color: var(--accent); }
.count { font-size: var(--text-xs); font-weight: 560; line-height: 1.6; padding: 0 7px; border-radius: var(--radius-full); background: var(--sunken); color: var(--ink-2); }
.count.accent { background: var(--accent-soft); color: var(--accent); } .count.bad { background: var(--bad-soft); color: var(--bad); } .count.warn { background: var(--warn-soft); color: var(--warn); }
.side a[aria-current="page"] .count { background: var(--raised); }
main { min-width: 0; padding: var(--s5) clamp(var(--s4), 3vw, var(--s6)) var(--s7); display: grid; gap: var(--s5); align-content: start; grid-template-columns: minmax(0, 1fr); }
.heading { display: flex; flex-wrap: wrap; align-items: baseline; gap: var(--s1) var(--s3); }
.heading .lede { width: 100%; color: var(--ink-2); }
.crumb { font-size: var(--text-s); margin-bottom: calc(-1 * var(--s4)); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr)); gap: var(--s4); align-items: start; }
.foot { border-top: 1px solid var(--line); padding: var(--s3) var(--s5); display: flex; flex-wrap: wrap; gap: var(--s2) var(--s5);
  align-items: center; justify-content: space-between; font-size: var(--text-s); color: var(--ink-2); }
.foot a { text-decoration: underline; text-underline-offset: 3px; }
.segmented { display: inline-flex; border: 1px solid var(--line); border-radius: var(--radius-s); padding: 2px; gap: 2px; background: var(--sunken); }
.segmented button { border: 0; box-shadow: none; background: none; min-height: 28px; color: var(--ink-2); border-radius: 4px; font-weight: 520; }
.segmented button:hover { color: var(--ink); }
.segmented [aria-pressed="true"] { background: var(--raised); color: var(--ink); box-shadow: var(--shadow); }
@media (max-width: 820px) {
  .bar { padding: 0 var(--s4); gap: var(--s4); } .bar nav { gap: var(--s4); }
  .clock { padding: var(--s3) var(--s4); position: static; }
  .frame { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .side { padding: var(--s2) var(--s3); border-right: 0; border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
  .side ul { display: flex; width: max-content; position: static; } .side a { white-space: nowrap; padding: 8px var(--s3); }
  main { padding-block: var(--s5) var(--s6); }
  .foot { padding: var(--s3) var(--s4); }
}
@media (max-width: 560px) {
  .brand .muted { display: none; }
  .moves { width: 100%; } .moves form { flex: 1 1 auto; } .moves form button { width: 100%; }
  .moves details[open] form { right: auto; left: auto; right: 0; }
  .clock .due { display: none; }
}
`
