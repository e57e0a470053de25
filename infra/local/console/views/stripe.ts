import { type Html, html } from '../html.ts'
import {
  badge,
  card,
  code,
  empty,
  entry,
  heading,
  link,
  plural,
  type Tone,
  table,
  unfolding,
} from '../page/parts.ts'
import { when } from '../page/time.ts'
import type { StripeRow } from '../sources.ts'
import { defineView } from './view.ts'

const SHOWN = 100
/** More than anybody makes by hand. */
const MOST = 10_000

export const stripe = defineView({
  path: '/stripe',
  read: ({ stripe }) =>
    Object.fromEntries(stripe.kinds.map(kind => [kind, stripe.objects(kind, { limit: MOST }).length])),
  title: () => 'Stripe',
  page: counts => html`
${heading('Stripe', 'What the Stripe stand-in keeps.')}
${card(
  'Objects',
  table(
    'Kinds of objects',
    Object.entries(counts),
    [
      { title: 'Kind', cell: ([kind]) => html`<a href="${link('/stripe', kind)}">${capital(kind)}</a>` },
      { title: 'Objects', cell: ([, count]) => count.toLocaleString('en-US'), isNumber: true },
    ],
    ([kind]) => `kind-${kind}`,
  ),
)}`,
})

export const stripeKind = defineView({
  path: '/stripe/:kind',
  read: ({ stripe }, { params, query }) => {
    const { kind = '' } = params
    if (!stripe.kinds.includes(kind)) return undefined
    const limit = Number(query.get('limit') ?? SHOWN)
    return stripe.objects(kind, { limit: Number.isSafeInteger(limit) && limit > 0 ? limit : SHOWN })
  },
  title: (_, { params }) => capital(params.kind ?? ''),
  page: (rows, { params, now }) => html`
<p class="crumb"><a href="/stripe">Stripe</a></p>
${heading(capital(params.kind ?? ''))}
${card(
  rows.length === SHOWN ? `The newest ${SHOWN}` : plural(rows.length, 'object'),
  rows.length === 0
    ? empty('None yet', 'They appear as the product makes them.')
    : unfolding(rows.map(row => rowEntry(row, now))),
)}`,
})

function rowEntry(row: StripeRow, now: number): Html {
  const id = textOf(row, 'id', 'event') ?? ''
  const { status, createdAt } = row
  const key = `${id} ${textOf(row, 'endpoint') ?? ''}`.trim()
  return entry(
    key,
    html`<span class="grow"><strong>${describe(row)}</strong> <code class="fine">${id}</code></span>${amountOf(row)}${typeof status === 'string' && badge(status.replaceAll('_', ' '), toneOf(status))}${typeof createdAt === 'string' && html`<span class="fine at">${when(createdAt, now)}</span>`}`,
    code(row, id),
  )
}

/** What tells people which one it is. */
const describe = (row: StripeRow): string | undefined =>
  textOf(row, 'email', 'name', 'number', 'lookupKey', 'type', 'product', 'customer')

function textOf(row: StripeRow, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = row[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}

function amountOf({ totalMinor, currency }: StripeRow): Html | undefined {
  if (typeof totalMinor !== 'number' || typeof currency !== 'string') return undefined
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return html`<span class="num">${format.format(totalMinor / 10 ** digits)}</span>`
}

const GOOD = ['active', 'paid', 'delivered']
const BAD = ['past_due', 'unpaid', 'canceled', 'uncollectible', 'failed', 'void', 'incomplete_expired']

const toneOf = (status: string): Tone =>
  GOOD.includes(status) ? 'good' : BAD.includes(status) ? 'bad' : 'warn'

const capital = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1)
