import type { Answer } from './answer.ts'
import { Html, html } from './html.ts'
import type { ConsoleSources } from './sources.ts'
import { STYLE } from './style.ts'

const SHOWN = 20
const STEPS = [
  ['PT1H', '+1 hour'],
  ['P1D', '+1 day'],
  ['P30D', '+30 days'],
] as const

/** The one page: clock, mailbox, executions, dead letters and recent events, without scripts or outside assets. */
export function renderPage(sources: ConsoleSources): Answer {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tollgate local console</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><h1>Tollgate <span>local console</span></h1><nav aria-label="Places">${linksOf(sources)}</nav></header>
<main>
${clockOf(sources)}
${mailboxOf(sources)}
${executionsOf(sources)}
${deadLettersOf(sources)}
${eventsOf(sources)}
</main>
<footer>The same as JSON: ${['mailbox', 'clock', 'executions', 'dead-letters', 'events', 'journal', 'functions', 'health'].map(name => html`<a href="/${name}">/${name}</a> `)}</footer>
</body>
</html>`
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    },
    body: page.text,
  }
}

/** The product's name stands beside them already. */
const linksOf = ({ links }: ConsoleSources): Html[] =>
  Object.entries(links).map(([name, url]) => html`<a href="${url}">${name.replace(/^tollgate-/, '')}</a>`)

function clockOf({ clock }: ConsoleSources): Html {
  const buttons =
    clock.mode === 'locked'
      ? html`<p class="quiet">Follows real time, because something real is attached.</p>`
      : html`<div class="buttons">${STEPS.map(([by, label]) => html`<form method="post" action="/clock/advance"><input type="hidden" name="by" value="${by}"><button>${label}</button></form>`)}</div>`
  return html`<section aria-labelledby="clock"><h2 id="clock">Clock</h2>
<p class="now"><time>${time(clock.now())}</time> <span class="quiet">UTC, ${clock.mode}</span></p>${buttons}</section>`
}

function mailboxOf(sources: ConsoleSources): Html {
  const mails = sources.mailbox().slice(0, SHOWN)
  const rows = mails.map(
    mail =>
      html`<li><details><summary><span class="when">${time(mail.sentAt)}</span> <b>${mail.subject}</b> <span class="quiet">to ${mail.to}</span>${mail.code ? html` <code>${mail.code}</code>` : undefined}</summary><pre>${mail.text}</pre></details></li>`,
  )
  return section(
    'Mailbox',
    sources.mailbox().length,
    list(rows),
    'Mails land here: sign-up codes, alerts, invoices.',
  )
}

function executionsOf(sources: ConsoleSources): Html {
  const executions = sources.executions()
  const rows = executions
    .slice(0, SHOWN)
    .map(
      one =>
        html`<tr><td>${one.machine}</td><td>${one.name}</td><td><span class="state ${one.status.toLowerCase()}">${one.status}</span></td><td>${one.error ?? one.currentState ?? ''}</td><td class="when">${time(one.startedAt)}</td></tr>`,
    )
  const table = html`<div class="wide"><table><thead><tr><th scope="col">Machine</th><th scope="col">Execution</th><th scope="col">Status</th><th scope="col">State or error</th><th scope="col">Started</th></tr></thead><tbody>${rows}</tbody></table></div>`
  return section('Executions', executions.length, table, 'State machines that run, and ran, are listed here.')
}

function deadLettersOf(sources: ConsoleSources): Html {
  const letters = sources.deadLetters()
  const rows = letters
    .slice(0, SHOWN)
    .map(
      letter =>
        html`<li><details><summary><span class="when">${time(letter.sentAt)}</span> <b>${letter.queue}</b> <span class="quiet">${letter.attributes.ERROR_CODE ?? letter.attributes.ERROR_MESSAGE ?? ''}</span></summary><pre>${pretty(letter.attributes)}\n\n${letter.body}</pre></details></li>`,
    )
  return section('Dead letters', letters.length, list(rows), 'Nothing has failed for good.')
}

function eventsOf(sources: ConsoleSources): Html {
  const events = sources.recentEvents()
  const rows = events
    .slice(0, SHOWN)
    .map(
      ({ event, busName, rules }) =>
        html`<li><details><summary><span class="when">${event.time.replace('T', ' ').replace('Z', '')}</span> <b>${event['detail-type']}</b> <span class="quiet">${event.source} on ${busName}, ${rules.length === 0 ? 'no rule' : rules.join(', ')}</span></summary><pre>${pretty(event.detail)}</pre></details></li>`,
    )
  return section('Events', events.length, list(rows), 'Facts on the event bus appear here.')
}

function section(title: string, count: number, content: Html, empty: string): Html {
  const id = title.toLowerCase().replace(' ', '-')
  const more = count > SHOWN ? html`<p class="quiet">The newest ${SHOWN} of ${count}.</p>` : undefined
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title} <span class="count">${count}</span></h2>${count === 0 ? html`<p class="quiet">${empty}</p>` : content}${more}</section>`
}

const list = (rows: readonly Html[]): Html => html`<ul>${rows}</ul>`

const time = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)
