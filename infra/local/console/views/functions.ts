import { html } from '../html.ts'
import {
  badge,
  block,
  card,
  code,
  empty,
  entry,
  facts,
  heading,
  link,
  plural,
  table,
  unfolding,
} from '../page/parts.ts'
import { clockTime, durationText, isoTime, when } from '../page/time.ts'
import type { ConsoleInvocation } from '../sources.ts'
import { defineView } from './view.ts'

/** A page is fetched again and again; the JSON has all. */
const SHOWN = 20
const LINES_SHOWN = 40
const LONGEST_LINE = 1_000

export const functions = defineView({
  path: '/functions',
  read: sources =>
    sources.functions().map(({ invocations, ...fn }) => {
      const last = invocations[0]
      return {
        ...fn,
        kept: invocations.length,
        failed: invocations.filter(one => one.failed).length,
        averageMs: averageOf(invocations.map(one => one.durationMs)),
        ...(last && { lastInvokedAt: isoTime(last.startedAt) }),
      }
    }),
  title: () => 'Functions',
  page: (all, { now }) => html`
${heading('Functions', 'The bundles that Lambda would run, in worker threads. Each signs with its own role.')}
${card(
  plural(all.length, 'function'),
  all.length === 0
    ? empty('No functions', 'The templates define none.')
    : table(
        'Functions',
        byLastUse(all),
        [
          { title: 'Name', cell: fn => html`<a href="${link('/functions', fn.name)}">${fn.name}</a>` },
          {
            title: 'Last invoked',
            cell: fn =>
              fn.lastInvokedAt ? when(fn.lastInvokedAt, now) : html`<span class="muted">not yet</span>`,
          },
          { title: 'Recent', cell: fn => String(fn.kept), isNumber: true },
          {
            title: 'Failed',
            cell: fn =>
              fn.failed > 0 ? badge(String(fn.failed), 'bad') : html`<span class="muted">0</span>`,
            isNumber: true,
          },
          {
            title: 'Average',
            cell: fn => (fn.averageMs === undefined ? '' : durationText(fn.averageMs)),
            isNumber: true,
          },
          { title: 'Environments', cell: fn => String(fn.environments), isNumber: true },
          { title: 'In flight', cell: fn => String(fn.inFlight), isNumber: true },
        ],
        fn => fn.name,
      ),
)}`,
})

const byLastUse = <Fn extends { lastInvokedAt?: string }>(all: readonly Fn[]): Fn[] =>
  [...all].sort((a, b) => (b.lastInvokedAt ?? '').localeCompare(a.lastInvokedAt ?? ''))

const averageOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)

export const oneFunction = defineView({
  path: '/functions/:name',
  read: (sources, { params }) => {
    const fn = sources.functions().find(one => one.name === params.name)
    if (!fn) return undefined
    return { ...fn, invocations: fn.invocations.map(one => ({ ...one, startedAt: isoTime(one.startedAt) })) }
  },
  title: fn => fn.name,
  page: (fn, { now }) => html`
<p class="crumb"><a href="/functions">Functions</a></p>
${heading(fn.name)}
<section class="card">${facts([
    ['ARN', html`<code>${fn.arn}</code>`],
    ['Environments', String(fn.environments)],
    ['In flight', String(fn.inFlight)],
    [
      'Log group',
      fn.logGroup && html`<a href="/logs?group=${encodeURIComponent(fn.logGroup)}">${fn.logGroup}</a>`,
    ],
  ])}</section>
${card(
  'Invocations',
  fn.invocations.length === 0
    ? empty('Not invoked yet', 'Each invocation appears here with its event, its answer and its log lines.')
    : unfolding(fn.invocations.slice(0, SHOWN).map(one => invocation(one, now))),
)}`,
})

type InvocationView = Omit<ConsoleInvocation, 'startedAt'> & { readonly startedAt: string }

const invocation = (one: InvocationView, now: number) =>
  entry(
    one.requestId,
    html`<span class="grow"><code>${one.requestId}</code></span>${one.coldStart && badge('cold start')}${one.failed ? badge('failed', 'bad') : badge('ok', 'good')}<span class="fine num">${durationText(one.durationMs)}</span><span class="fine at">${when(one.startedAt, now)}</span>`,
    html`<div class="pair">${code(one.payload, 'Event')}${code(one.result, one.failed ? 'Error' : 'Answer')}</div>
${block(
  'Log lines',
  one.lines
    .slice(0, LINES_SHOWN)
    .map(
      line =>
        html`<span class="muted">${clockTime(line.timestamp)}</span> ${line.message.trimEnd().slice(0, LONGEST_LINE)}\n`,
    ),
)}`,
  )
