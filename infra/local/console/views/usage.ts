import { type Html, html } from '../html.ts'
import { badge, card, empty, heading, plural, table } from '../page/parts.ts'
import type { ConsoleKeyUsage } from '../sources.ts'
import { defineView } from './view.ts'

const DAYS_SHOWN = 30
const DAY_MS = 86_400_000

export const usage = defineView({
  path: '/usage',
  read: sources => sources.usage(),
  title: () => 'Gateway usage',
  page: (all, { now }) => html`
${heading('Gateway usage', 'Keys of API Gateway by usage plan, and the requests that each was let through with.')}
${all.length === 0 ? html`<section class="card flush">${empty('No keys', 'Usage plans and their keys are made when a plan is published.')}</section>` : [...Map.groupBy(all, key => key.planId).values()].map(keys => planCard(keys, now))}`,
})

function planCard(keys: readonly ConsoleKeyUsage[], now: number): Html {
  const { planName, throttle } = keys[0] ?? {}
  const limits = throttle
    ? `${throttle.rateLimit} requests a second, burst ${throttle.burstLimit}`
    : 'no throttle'
  return card(
    planName ?? '',
    table(
      `Keys of ${planName}`,
      [...keys].sort((a, b) => b.total - a.total),
      [
        { title: 'Key', cell: key => html`${key.keyName || key.keyId}` },
        { title: `Last ${DAYS_SHOWN} days`, cell: key => daysChart(key, now) },
        { title: 'Let through', cell: key => key.total.toLocaleString('en-US'), isNumber: true },
        {
          title: 'Throttled',
          cell: key =>
            key.throttled > 0
              ? badge(key.throttled.toLocaleString('en-US'), 'warn')
              : html`<span class="muted">0</span>`,
          isNumber: true,
        },
        {
          title: 'Tokens left',
          cell: key => key.throttle?.tokensLeft.toLocaleString('en-US'),
          isNumber: true,
        },
        { title: 'Id', cell: key => html`<code>${key.keyId}</code>` },
      ],
      key => `key-${key.planId}-${key.keyId}`,
    ),
    html`<span class="fine">${limits} · ${plural(keys.length, 'key')}</span>`,
  )
}

/** A bar for each UTC day. */
function daysChart(key: ConsoleKeyUsage, now: number): Html {
  const days = Array.from({ length: DAYS_SHOWN }, (_, i) =>
    new Date(now - (DAYS_SHOWN - 1 - i) * DAY_MS).toISOString().slice(0, 10),
  )
  const counts = days.map(day => key.perDay[day] ?? 0)
  const most = Math.max(1, ...counts)
  const bars = counts.map((count, i) => {
    const height = Math.max(2, (count / most) * 22)
    return (
      count > 0 &&
      html`<rect x="${i * 5}" y="${23 - height}" width="4" height="${height}"><title>${days[i]}: ${count}</title></rect>`
    )
  })
  const sum = counts.reduce((total, count) => total + count, 0)
  const label = `${plural(sum, 'request')}, at most ${Math.max(...counts)} on a day`
  return html`<svg class="days" role="img" aria-label="${label}" width="150" height="24" viewBox="0 0 150 24"><path class="base" d="M0,23.5H150"/>${bars}</svg>`
}
