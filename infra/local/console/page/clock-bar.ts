import { type Html, html } from '../html.ts'
import { periodEnds } from '../period-ends.ts'
import type { ConsoleSources } from '../sources.ts'
import { durationText, isoTime, plainTime, relativeTime } from './time.ts'

/** The clock and what moves it, above every page. */
export function clockBar(sources: ConsoleSources, here: string): Html {
  const { clock } = sources
  const now = clock.now()
  return html`<section class="clock" id="clock" aria-label="Clock" data-live>
<div class="reading"><a class="now" href="/clock"><time datetime="${isoTime(now)}" data-clock="${now}" data-mode="${clock.mode}">${plainTime(now)}</time></a> <span class="fine">${WEEKDAYS.format(now)}, ${modeText(clock)}</span>
<p class="fine due">${dueText(sources, now)}</p></div>
${clock.mode === 'locked' ? html`<p class="fine">Something real is attached, so the clock follows real time.</p>` : moves(sources, now, here)}
</section>`
}

const WEEKDAYS = new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone: 'UTC' })
const DAYS = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
/** Less than this is the time that a start takes, not a move. */
const NOTABLE_OFFSET_MS = 120_000

function modeText({ mode, offsetMs }: ConsoleSources['clock']): string {
  if (mode === 'frozen') return 'stands still until it is moved'
  const ahead = offsetMs()
  if (mode === 'locked' || ahead < NOTABLE_OFFSET_MS) return 'real time'
  return `${durationText(ahead)} ahead of this computer`
}

function dueText({ clock }: ConsoleSources, now: number): Html {
  const due = clock.nextDue()
  if (!due) return html`Nothing is due.`
  return html`Next: ${due.label} <span class="ago" data-ago="${due.dueAt}">${relativeTime(due.dueAt, now)}</span>`
}

function moves(sources: ConsoleSources, now: number, here: string): Html {
  const { month, period } = periodEnds(sources)
  const move = (field: string, value: string, label: string, title?: string) =>
    html`<form method="post" action="/clock/advance" data-move><input type="hidden" name="back" value="${here}"><button name="${field}" value="${value}"${title && html` title="${title}"`}>${label}</button></form>`
  const end = period ?? month
  return html`<div class="moves">
${move('by', 'PT1H', '+1 h')}
${move('by', 'P1D', '+1 d')}
${move('to', isoTime(end), `End of period · ${DAYS.format(end)}`, period === undefined ? 'The start of the next month' : 'The next end of a subscription’s period')}
${period !== undefined && period !== month && move('to', isoTime(month), `Month · ${DAYS.format(month)}`, 'The start of the next month')}
<details id="move-to"><summary class="button">To …</summary><form method="post" action="/clock/advance" data-move><input type="hidden" name="back" value="${here}"><label for="utc">Date and time, UTC</label><input id="utc" type="datetime-local" name="utc" required value="${isoTime(month).slice(0, 16)}" min="${isoTime(now).slice(0, 16)}"><button class="primary">Move</button></form></details>
</div>`
}
