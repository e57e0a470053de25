import type { Answer, Problem } from '../answer.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleSources } from '../sources.ts'
import { countsOf } from '../views/overview.ts'
import { clockBar } from './clock-bar.ts'
import { THEMES, type Theme } from './theme.ts'

type Page = {
  readonly title: string
  readonly main: Html
  /** Path and query of the page; of a problem nothing. */
  readonly here: string
  readonly sources: ConsoleSources
  readonly theme: Theme
}

export function renderPage(page: Page, status = 200): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: documentOf(page).text }
}

/** The problem as a page; what was asked for is one step back. */
export function renderProblem(
  { title, detail, status, headers = {} }: Problem,
  { sources, theme }: Pick<Page, 'sources' | 'theme'>,
): Answer {
  const main = html`<div class="empty problem"><h1>${title}</h1><p>${detail}</p><p><a class="button" href="/">To the overview</a></p></div>`
  const answer = renderPage({ title, main, here: '', sources, theme }, status)
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

const documentOf = ({ title, main, here, sources, theme }: Page): Html => html`<!doctype html>
<html lang="en"${theme !== 'auto' && html` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tollgate console</title>
<link rel="stylesheet" href="/assets/console.css">
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<script src="/assets/live.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="bar"><a class="brand" href="/"><img src="/assets/mark.svg" width="22" height="22" alt=""> Tollgate <span class="muted">console</span></a>
<nav class="places" aria-label="Places">${sources.links.map(place => html`<a href="${place.url}">${place.label}</a>`)}</nav></header>
${clockBar(sources, here)}
<div class="frame">
<nav class="side" id="side" aria-label="Console" data-live><ul>${entriesOf(sources, here)}</ul></nav>
<main id="main" data-live>${main}</main>
</div>
<footer class="foot"><span>All times are UTC on the local clock. <a href="${asJson(here)}">This page as JSON</a></span>
<form method="post" action="/theme" class="segmented" aria-label="Colours"><input type="hidden" name="back" value="${here}">${THEMES.map(one => html`<button name="theme" value="${one}" aria-pressed="${one === theme}">${THEME_NAMES[one]}</button>`)}</form></footer>
</body>
</html>`

const THEME_NAMES: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' }

const asJson = (here: string): string => `${here}${here.includes('?') ? '&' : '?'}format=json`

function entriesOf(sources: ConsoleSources, here: string): Html[] {
  const counts = countsOf(sources)
  const entries: readonly (readonly [string, string, number?, string?])[] = [
    ['/', 'Overview'],
    ['/mailbox', 'Mailbox', counts.mails],
    ['/functions', 'Functions'],
    ['/executions', 'Executions', counts.executionsRunning, 'accent'],
    ['/events', 'Events'],
    ['/dead-letters', 'Dead letters', counts.deadLetters, 'bad'],
    ['/usage', 'Gateway usage'],
    ['/stripe', 'Stripe'],
    ['/faults', 'Fault switches', counts.faults, 'warn'],
    ['/logs', 'Logs'],
    ['/journal', 'Journal'],
    ['/grants', 'Unused grants'],
  ]
  const path = here.split('?')[0] ?? ''
  const isHere = (entry: string) => path === entry || (entry !== '/' && path.startsWith(`${entry}/`))
  return entries.map(
    ([entry, label, count = 0, tone = 'plain']) =>
      html`<li><a href="${entry}"${isHere(entry) && html` aria-current="page"`}>${label}${count > 0 && html` <span class="count ${tone}">${count}</span>`}</a></li>`,
  )
}
