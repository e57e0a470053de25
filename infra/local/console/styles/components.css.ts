/** Components: cards, tiles, badges, entries that unfold, forms, facts, state graphs. */
export const COMPONENTS_CSS = `
.card { background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s4) var(--s5); box-shadow: var(--shadow); min-width: 0; }
.card.flush { padding: 0; overflow: hidden; }
.head { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); align-items: center; justify-content: space-between; padding: var(--s3) var(--s4); border-bottom: 1px solid var(--line); font-size: var(--text-s); min-height: 46px; }
.scroll { overflow-x: auto; position: relative; }
.more { font-size: var(--text-s); color: var(--ink-2); margin-top: calc(-1 * var(--s3)); }
.notice { border: 1px solid var(--line); border-left: 3px solid var(--accent); border-radius: var(--radius-s); background: var(--raised); padding: var(--s3) var(--s4); display: grid; gap: var(--s1); overflow-wrap: anywhere; }
.notice.bad { border-left-color: var(--bad); background: var(--bad-soft); }
.badge { display: inline-flex; align-items: center; padding: 1px var(--s2); border-radius: var(--radius-full); font-size: var(--text-xs);
  font-weight: 560; line-height: 1.6; background: var(--sunken); color: var(--ink-2); border: 1px solid var(--line); white-space: nowrap; }
.badge.good { background: var(--good-soft); color: var(--good); border-color: transparent; }
.badge.warn { background: var(--warn-soft); color: var(--warn); border-color: transparent; }
.badge.bad { background: var(--bad-soft); color: var(--bad); border-color: transparent; }
.badge.accent { background: var(--accent-soft); color: var(--accent); border-color: transparent; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(150px, 46%), 1fr)); gap: var(--s3); }
.tile { display: grid; gap: 2px; height: 100%; align-content: start; padding: var(--s3) var(--s4); border: 1px solid var(--line); border-radius: var(--radius); background: var(--raised); box-shadow: var(--shadow); color: var(--ink); }
.tile:hover { border-color: var(--accent); text-decoration: none; }
.tile .figure { font-size: var(--text-xl); font-weight: 620; letter-spacing: -.02em; line-height: 1.3; } .figure.bad { color: var(--bad); }
.tile .address { font-weight: 560; font-size: var(--text-s); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tile { min-width: 0; } .tiles li { min-width: 0; }
.empty { text-align: center; display: grid; gap: var(--s1); justify-items: center; padding: var(--s6) var(--s5); }
.empty p { max-width: 56ch; color: var(--ink-2); } .empty .title { color: var(--ink); font-weight: 560; }
.empty.problem { gap: var(--s3); padding-block: var(--s7); }
.entries > details + details { border-top: 1px solid var(--line); }
.entries summary { display: flex; flex-wrap: wrap; align-items: center; gap: 2px var(--s3); padding: 10px var(--s4); cursor: pointer; list-style: none; min-height: 44px; }
.entries summary::-webkit-details-marker { display: none; }
.entries summary::before { content: ""; width: 6px; height: 6px; border: solid var(--ink-2); border-width: 0 1.6px 1.6px 0; transform: rotate(-45deg); transition: transform .12s; flex: none; }
.entries details[open] > summary::before { transform: rotate(45deg); }
.entries summary:hover { background: var(--sunken); } .entries summary:focus-visible { outline-offset: -2px; }
.entries summary strong { font-weight: 580; }
.entries .body { padding: var(--s1) var(--s4) var(--s4) calc(var(--s4) + 18px); display: grid; gap: var(--s3); grid-template-columns: minmax(0, 1fr); }
.grow { flex: 1 1 12rem; min-width: 0; overflow-wrap: anywhere; }
.chip { font-weight: 620; letter-spacing: .06em; padding: 2px var(--s2); border: 1px solid var(--line); border-radius: var(--radius-s); background: var(--sunken); user-select: all; }
.letter { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 76ch; }
.code { display: grid; gap: var(--s1); min-width: 0; } .code figcaption { font-size: var(--text-xs); font-weight: 560; color: var(--ink-2); }
.lines { border: 0; border-radius: 0; max-height: 70vh; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(230px, 100%), 1fr)); gap: var(--s3) var(--s5); }
.facts dt { font-size: var(--text-xs); color: var(--ink-2); font-weight: 520; } .facts dd { overflow-wrap: anywhere; }
.filter { display: flex; flex-wrap: wrap; gap: var(--s2); margin-bottom: calc(-1 * var(--s2)); }
.filter a { padding: 3px var(--s3); border: 1px solid var(--line); border-radius: var(--radius-full); font-size: var(--text-s); font-weight: 520; color: var(--ink-2); }
.filter a:hover { color: var(--ink); text-decoration: none; border-color: var(--control); }
.filter a[aria-current] { background: var(--accent-soft); border-color: transparent; color: var(--accent); } .filter a[aria-current] .fine { color: inherit; }
.form { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(230px, 100%), 1fr)); gap: var(--s4); padding: var(--s4); align-items: start; }
.form .actions { grid-column: 1 / -1; } .field { display: grid; gap: 6px; }
.inline { display: flex; gap: var(--s3); align-items: end; max-width: 560px; } .inline label { display: grid; gap: 6px; } .inline button { min-height: 38px; }
.days { display: block; } .days rect { fill: var(--accent-fill); } .days .base { stroke: var(--line); }
.picture { text-align: center; padding: var(--s3) 0; background: var(--sunken); }
.graph { display: inline-block; vertical-align: top; }
.graph text { font-family: var(--font); text-anchor: middle; fill: var(--ink); }
.graph .name { font-size: 13px; font-weight: 580; } .graph .type { font-size: 11px; fill: var(--ink-2); }
.graph .state rect, .graph .state polygon { fill: var(--raised); stroke: var(--control); stroke-width: 1; }
.graph .state:not(.visited, .current, .failed) .name { fill: var(--ink-2); font-weight: 500; }
.graph .visited rect, .graph .visited polygon { fill: var(--good-soft); stroke: var(--good); }
.graph .current rect, .graph .current polygon { fill: var(--accent-soft); stroke: var(--accent); stroke-width: 2.5; }
.graph .failed rect, .graph .failed polygon { fill: var(--bad-soft); stroke: var(--bad); stroke-width: 2; }
.graph .visited .type { fill: var(--good); } .graph .current .type { fill: var(--accent); } .graph .failed .type { fill: var(--bad); }
.graph .edge { fill: none; stroke: var(--control); stroke-width: 1.25; }
.graph .edge.catch { stroke-dasharray: 4 4; } .graph .edge.taken { stroke: var(--good); stroke-width: 2; } .graph .edge.caught { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 5 4; }
.graph .arrow path { fill: var(--control); stroke: none; } .graph .arrow.taken path { fill: var(--good); } .graph .arrow.caught path { fill: var(--bad); }
.graph .start { fill: var(--good); }
.graph .label { font-size: 11px; fill: var(--ink-2); paint-order: stroke; stroke: var(--sunken); stroke-width: 4px; stroke-linejoin: round; } .graph .label.taken { fill: var(--ink); font-weight: 560; }
.legend { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); padding: var(--s3) var(--s4); border-top: 1px solid var(--line); font-size: var(--text-s); color: var(--ink-2); }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.legend span::before { content: ""; width: 12px; height: 12px; border-radius: 3px; border: 1px solid var(--control); background: var(--raised); }
.legend .visited::before { border-color: var(--good); background: var(--good-soft); } .legend .current::before { border: 2px solid var(--accent); background: var(--accent-soft); } .legend .failed::before { border-color: var(--bad); background: var(--bad-soft); }
.legend .dashed::before { border: 0; border-top: 1.5px dashed var(--control); height: 0; width: 18px; border-radius: 0; background: none; }
@media (max-width: 560px) {
  .card { padding: var(--s4); } th, td { padding-inline: var(--s3); }
  .entries summary { padding-inline: var(--s3); } .entries .body { padding-inline: var(--s3); } .entries .at { flex-basis: 100%; padding-left: 18px; }
}
`
