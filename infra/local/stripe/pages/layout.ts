import { type Html, html } from './html.ts'

/** A hosted page. Everything it needs is inside: no script, no other file. */
export function layout(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="bar"><span class="badge">Test mode</span> Local Stripe: no money moves on this page.</header>
<main>${body}</main>
</body>
</html>`.text
}

const STYLE = html`
:root {
  --page: #f6f7f9; --card: #fff; --text: #1a1f36; --soft: #5b637a; --line: #d8dce6; --field: #fff;
  --accent: #4f46e5; --accent-text: #fff; --error: #b42318; --error-page: #fef3f2; --ok: #067647; --focus: #4f46e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1117; --card: #181b24; --text: #eceef4; --soft: #a3aabf; --line: #313747; --field: #11141c;
    --accent: #8b85ff; --accent-text: #10111a; --error: #ff9b8f; --error-page: #2c1614; --ok: #5fd39b; --focus: #aba6ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
.bar { padding: .6rem 1rem; text-align: center; color: var(--soft); font-size: .875rem; border-bottom: 1px solid var(--line); }
.badge { display: inline-block; padding: 0 .5rem; border-radius: 1rem; border: 1px solid var(--line); color: var(--text); font-weight: 600; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
.split { display: grid; gap: 2rem; align-items: start; }
@media (min-width: 48rem) { .split { grid-template-columns: 1fr 1fr; gap: 4rem; } }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; }
h1 { font-size: 1.125rem; font-weight: 600; margin: 0 0 .25rem; color: var(--soft); }
h2 { font-size: 1.125rem; margin: 0 0 1rem; }
.amount { font-size: 2.25rem; font-weight: 700; letter-spacing: -.02em; margin: 0 0 1.5rem; }
.amount small { font-size: 1rem; font-weight: 400; color: var(--soft); letter-spacing: 0; }
ul.lines { list-style: none; margin: 0; padding: 0; }
ul.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .75rem 0; border-top: 1px solid var(--line); }
ul.lines small { display: block; color: var(--soft); }
ul.lines .total { font-weight: 700; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right; }
label { display: block; font-size: .875rem; font-weight: 600; margin: 0 0 .25rem; }
.field { margin: 0 0 1rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
input { width: 100%; padding: .65rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--field); color: var(--text); font: inherit; }
input[aria-invalid="true"] { border-color: var(--error); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 1px; }
button, .button { display: block; width: 100%; padding: .75rem 1rem; border: 0; border-radius: .5rem; background: var(--accent); color: var(--accent-text); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button.quiet, .button.quiet { background: transparent; color: var(--text); border: 1px solid var(--line); }
.stack > * + * { margin-top: .75rem; }
.problem { margin: 0 0 1rem; padding: .75rem 1rem; border: 1px solid var(--error); border-radius: .5rem; background: var(--error-page); color: var(--error); }
.hint { margin: .35rem 0 0; color: var(--soft); font-size: .875rem; }
a { color: var(--accent); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .6rem 0; border-top: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-size: .875rem; font-weight: 600; }
thead th { border-top: 0; }
.number { padding-left: 1rem; }
.status-paid, .amount .status-paid { color: var(--ok); font-weight: 600; }
details { margin-top: 1.5rem; color: var(--soft); font-size: .875rem; }
code { font-size: .9em; }
`
