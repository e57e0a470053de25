/** Components: cards, notices, badges, tiles, plan cards, the new key, charts, checklist, lists. */
export const COMPONENTS_CSS = `
.card { background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s5); box-shadow: var(--shadow); }
.card.flush { padding: 0; overflow: hidden; }
.card.flush > .head { padding: var(--s4); border-bottom: 1px solid var(--line); align-items: center; }
.scroll { overflow-x: auto; position: relative; }
.notice { border: 1px solid var(--line); border-left: 3px solid var(--accent); border-radius: var(--radius-s); background: var(--raised);
  padding: var(--s3) var(--s4); display: grid; gap: var(--s1); }
.notice.good { border-left-color: var(--good); background: var(--good-soft); }
.notice.warn { border-left-color: var(--warn); background: var(--warn-soft); }
.notice.bad { border-left-color: var(--bad); background: var(--bad-soft); }
.notice strong { font-weight: 620; }
.badge { display: inline-flex; align-items: center; gap: 6px; padding: 1px var(--s2); border-radius: var(--radius-full); font-size: var(--text-xs);
  font-weight: 560; line-height: 1.6; background: var(--sunken); color: var(--ink-2); border: 1px solid var(--line); white-space: nowrap; }
.badge.good { background: var(--good-soft); color: var(--good); border-color: transparent; }
.badge.warn { background: var(--warn-soft); color: var(--warn); border-color: transparent; }
.badge.bad { background: var(--bad-soft); color: var(--bad); border-color: transparent; }
.badge.accent { background: var(--accent-soft); color: var(--accent); border-color: transparent; }
.field, .filters label { display: grid; gap: 6px; }
.filters { align-items: end; }
.field .fine { margin: 0; }
.error { color: var(--bad); font-size: var(--text-s); }
.inline-form { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: var(--s3); align-items: end; max-width: 520px; }
.inline-form button { min-height: 40px; }
/* A hint or an error under the field must not push the button down: it stands beside the field, below the label. */
.inline-form:has(.field > p) { align-items: start; }
.inline-form:has(.field > p) > button { margin-top: calc(var(--text-s) * 1.55 + 6px); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(190px, 46%), 1fr)); gap: var(--s4); }
.tile { background: var(--raised); border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s4) var(--s5); display: grid; gap: 2px; align-content: start; box-shadow: var(--shadow); }
.tile dt { font-size: var(--text-s); color: var(--ink-2); font-weight: 520; }
.tile .figure { font-size: var(--text-xl); font-weight: 620; letter-spacing: -.02em; line-height: 1.3; }
.gauge { display: block; width: 100%; height: 6px; margin: var(--s2) 0 var(--s1); border-radius: 3px; overflow: hidden; }
.gauge .track { fill: var(--line); } .gauge .fill { fill: var(--accent-fill); }
.gauge.warn .fill { fill: var(--warn); } .gauge.bad .fill { fill: var(--bad); }
.plans { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(260px, 100%), 1fr)); gap: var(--s4); align-items: stretch; }
.plan { display: flex; flex-direction: column; gap: var(--s4); padding: var(--s5); }
.plan.current { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent), var(--shadow); }
.plan .price { font-size: 1.875rem; font-weight: 650; letter-spacing: -.03em; line-height: 1.1; }
.plan .price small { font-size: var(--text-s); font-weight: 450; color: var(--ink-2); letter-spacing: 0; }
.plan ul { display: grid; gap: var(--s2); flex: 1; align-content: start; }
.plan li { padding-left: 1.35rem; position: relative; }
.plan li::before { content: ""; position: absolute; left: 2px; top: .4em; width: 9px; height: 5px; border: solid var(--accent); border-width: 0 0 1.8px 1.8px; transform: rotate(-45deg); }
.secret { display: grid; gap: var(--s4); border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent), var(--shadow-l); }
.copyable { display: grid; grid-template-columns: minmax(0, 1fr) auto; border: 1px solid var(--line); border-radius: var(--radius-s); background: var(--sunken); align-items: center; }
.copyable code, .copyable pre { padding: var(--s3) var(--s4); overflow-x: auto; border: 0; background: none; border-radius: 0; }
.copyable pre code { padding: 0; }
.copyable > code { white-space: nowrap; font-size: var(--text-m); }
.copyable button { margin: 0 6px; }
.copyable pre { align-self: stretch; } .copyable:has(pre) button { align-self: start; margin-top: 6px; }
html:not(.js) [data-copy] { display: none; }
.empty { text-align: center; display: grid; gap: var(--s3); justify-items: center; padding: var(--s7) var(--s5); }
.empty p { max-width: 52ch; color: var(--ink-2); }
.empty .copyable { width: 100%; max-width: 720px; text-align: left; }
.estimate { display: grid; gap: var(--s4); padding: var(--s5); }
.estimate + div { border-top: 1px solid var(--line); }
.range { min-height: 24px; padding: 0; border: 0; accent-color: var(--accent-fill); background: none; max-width: 520px; }
html:not(.js) [data-range] { display: none; }
.checklist { counter-reset: step; display: grid; }
.checklist li { display: grid; grid-template-columns: 28px minmax(0, 1fr) auto; gap: var(--s2) var(--s4); padding: var(--s4) var(--s5); border-bottom: 1px solid var(--line); align-items: start; counter-increment: step; }
.checklist li:last-child { border-bottom: 0; }
.checklist li::before { content: counter(step); width: 28px; height: 28px; border-radius: 50%; border: 1px solid var(--control); display: grid; place-items: center; font-size: var(--text-s); color: var(--ink-2); font-weight: 560; }
.checklist li { position: relative; }
.checklist li.done::before { content: ""; background: var(--good-soft); border-color: transparent; }
.checklist li.done::after { content: ""; position: absolute; left: calc(var(--s5) + 8px); top: calc(var(--s4) + 9px); width: 12px; height: 6px; border: solid var(--good); border-width: 0 0 2px 2px; transform: rotate(-45deg); }
.checklist li.done h3 { color: var(--ink-2); font-weight: 520; }
.checklist .copyable { grid-column: 2 / -1; }
.chart { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 var(--s2); }
.chart svg { display: block; overflow: visible; }
.chart text { fill: var(--ink-2); font: 400 11px var(--font); font-variant-numeric: tabular-nums; }
.chart .grid { stroke: var(--line); stroke-width: 1; } .chart .base { stroke: var(--control); stroke-width: 1; }
.chart .bar-unit { fill: var(--accent-fill); } .chart .bar-failed { fill: var(--bad); }
.chart .slot { fill: transparent; } .chart g:hover > .slot { fill: var(--sunken); }
.chart .now { stroke: var(--ink-2); stroke-dasharray: 2 3; }
.legend { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s4); font-size: var(--text-s); color: var(--ink-2); }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.legend i { width: 10px; height: 10px; border-radius: 2px; background: var(--accent-fill); } .legend i.failed { background: var(--bad); }
details > summary { cursor: pointer; font-weight: 520; padding: var(--s3) var(--s4); color: var(--ink-2); }
details > summary:hover { color: var(--ink); }
details[open] > summary { border-bottom: 1px solid var(--line); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: var(--s2) var(--s5); }
.facts dt { color: var(--ink-2); } .facts dd { min-width: 0; }
.proof { display: flex; flex-wrap: wrap; gap: var(--s3) 0; align-items: stretch; }
.proof [data-sign] { margin-left: 1.75rem; }
.proof div { position: relative; display: grid; gap: 0; padding: var(--s2) var(--s3); background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius-s); }
.proof dt { font-size: var(--text-xs); color: var(--ink-2); } .proof dd { font-weight: 620; }
.proof [data-sign]::before { content: attr(data-sign) / ""; position: absolute; left: -1.75rem; width: 1.75rem; top: 50%; translate: 0 -50%; text-align: center; color: var(--ink-2); font-weight: 620; }
.chart-body, .card-body { padding: var(--s4) var(--s5); }

.card.flush > details { border-top: 1px solid var(--line); }
.brand svg path { stroke: var(--ground); }
.spinner { width: 18px; height: 18px; border-radius: 50%; border: 2px solid var(--line); border-top-color: var(--accent); animation: spin .9s linear infinite; }
@keyframes spin { to { transform: rotate(1turn); } }
.verb { display: inline-block; min-width: 3.4em; font: 620 var(--text-xs)/1.8 var(--mono); text-align: center; background: var(--accent-soft); color: var(--accent); border-radius: 4px; padding: 0 6px; }
.problem { scroll-margin-top: var(--s5); padding: var(--s4) 0; border-bottom: 1px solid var(--line); display: grid; gap: var(--s1); }
.problem:target { background: var(--accent-soft); box-shadow: 0 0 0 var(--s3) var(--accent-soft); border-radius: 2px; }
@media (max-width: 560px) {
  th, td { padding-inline: var(--s3); }
  tbody th { min-width: 8.5rem; }
  .copyable { grid-template-columns: minmax(0, 1fr); } .copyable button, .copyable:has(pre) button { margin: 0 var(--s3) var(--s3); justify-self: start; }
  .copyable > code { white-space: normal; overflow-wrap: anywhere; }
  .inline-form { grid-template-columns: minmax(0, 1fr); } .inline-form:has(.field > p) > button { margin-top: 0; }
  .checklist li.done::after { left: calc(var(--s4) + 8px); }
  .checklist li { padding-inline: var(--s4); grid-template-columns: 28px minmax(0, 1fr); }
  .checklist li > .button { grid-column: 2; justify-self: start; }
  .audit td { overflow-wrap: anywhere; } .audit tbody th { min-width: 6.5rem; }
  .card { padding: var(--s4); }
  .tiles { gap: var(--s3); } .tile { padding: var(--s3) var(--s4); } .tile .figure { font-size: 1.3125rem; }
  .chart-body { padding: var(--s4) var(--s4) var(--s3) var(--s2); } .card-body { padding: var(--s4); }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: var(--s3); }
}
`
