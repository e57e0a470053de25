import { drawGraph } from '../graph/draw.ts'
import { type Html, html } from '../html.ts'
import {
  badge,
  card,
  code,
  empty,
  entry,
  facts,
  heading,
  link,
  newest,
  plural,
  type Tone,
  table,
  unfolding,
} from '../page/parts.ts'
import { durationText, when } from '../page/time.ts'
import type { ConsoleExecution, ConsoleExecutionDetail } from '../sources.ts'
import { defineView } from './view.ts'

const SHOWN = 200

export const executions = defineView({
  path: '/executions',
  read: (sources, { query }) => {
    const machine = query.get('machine')
    return sources.executions().filter(one => machine === null || one.machine === machine)
  },
  title: () => 'Executions',
  page: (all, { now, query, sources }) => {
    const machine = query.get('machine') ?? undefined
    return html`
${heading('Executions', 'Runs of the state machines, the newest first. Waits end when the local clock says so.')}
${machineFilter(sources.executions(), machine)}
${card(plural(all.length, 'execution'), all.length === 0 ? empty('Nothing has run', 'Plan changes and month closes run here, state by state.') : executionTable(all.slice(0, SHOWN), now))}
${newest(SHOWN, all.length)}`
  },
})

function machineFilter(all: readonly ConsoleExecution[], current: string | undefined): Html | undefined {
  const machines = [...Map.groupBy(all, one => one.machine)].sort(([a], [b]) => a.localeCompare(b))
  if (machines.length < 2) return undefined
  const option = (label: string, count: number, machine?: string) =>
    html`<a href="/executions${machine && `?machine=${encodeURIComponent(machine)}`}"${machine === current && html` aria-current="true"`}>${label} <span class="fine">${count}</span></a>`
  return html`<nav class="filter" aria-label="State machine">${option('All', all.length)}${machines.map(([machine, runs]) => option(machine, runs.length, machine))}</nav>`
}

export const executionTable = (rows: readonly ConsoleExecution[], now: number): Html =>
  table(
    'Executions',
    rows,
    [
      {
        title: 'Execution',
        cell: one =>
          html`<a href="${link('/executions', one.name)}?machine=${encodeURIComponent(one.machine)}">${one.name}</a>`,
      },
      { title: 'Machine', cell: one => one.machine },
      { title: 'Status', cell: one => badge(statusText(one.status), toneOf(one.status)) },
      { title: 'State or error', cell: one => one.error ?? one.currentState },
      { title: 'Started', cell: one => when(one.startedAt, now) },
      {
        title: 'Took',
        cell: one => (one.stoppedAt === undefined ? '' : durationText(one.stoppedAt - one.startedAt)),
        isNumber: true,
      },
    ],
    one => `execution-${one.machine}-${one.name}`,
  )

const statusText = (status: string): string => status.toLowerCase().replace('_', ' ')

const toneOf = (status: string): Tone =>
  status === 'RUNNING' ? 'accent' : status === 'SUCCEEDED' ? 'good' : 'bad'

export const execution = defineView({
  path: '/executions/:name',
  read: (sources, { params, query }) =>
    sources.execution(params.name ?? '', query.get('machine') ?? undefined),
  title: one => one.name,
  page: (one, { now }) => html`
<p class="crumb"><a href="/executions">Executions</a> · <a href="/executions?machine=${encodeURIComponent(one.machine)}">${one.machine}</a></p>
<header class="heading"><h1>${one.name}</h1> ${badge(statusText(one.status), toneOf(one.status))}</header>
${one.error && html`<div class="notice bad"><strong>${one.error}</strong><span>${one.cause}</span></div>`}
<section class="card">${facts([
    ['Started', when(one.startedAt, now)],
    [
      'Ended',
      one.stoppedAt === undefined
        ? undefined
        : html`${when(one.stoppedAt, now)}, after ${durationText(one.stoppedAt - one.startedAt)}`,
    ],
    ['In', one.current.length === 0 ? undefined : one.current.join(', ')],
  ])}</section>
${card('States', graphOf(one))}
${card('Way', wayOf(one, now))}
<div class="pair">${code(one.input, 'Input')}${one.output !== undefined && code(one.output, 'Output')}</div>
${card('History', historyOf(one, now))}`,
})

const graphOf = (one: ConsoleExecutionDetail): Html => html`
<div class="scroll picture" tabindex="0" role="region" aria-label="State graph">${drawGraph(one.graph, one, `States of ${one.machine}`)}</div>
<p class="legend"><span class="visited">visited</span><span class="current">in it now</span><span class="failed">failed</span><span>not reached</span><span class="dashed">on an error</span></p>`

const wayOf = (one: ConsoleExecutionDetail, now: number): Html =>
  one.visited.length === 0
    ? empty('Not entered yet', 'States appear here in the order in which they are entered.')
    : table(
        'States in the order in which they were entered',
        one.visited.map((visit, index) => ({ ...visit, index })),
        [
          { title: 'State', cell: visit => visit.state },
          { title: 'Entered', cell: visit => when(visit.enteredAt, now) },
          {
            title: 'Failed attempts',
            cell: visit => (visit.failures > 0 ? badge(String(visit.failures), 'warn') : undefined),
            isNumber: true,
          },
          {
            title: 'Stayed',
            cell: visit =>
              visit.exitedAt === undefined
                ? badge('in it now', 'accent')
                : durationText(visit.exitedAt - visit.enteredAt),
            isNumber: true,
          },
        ],
        visit => `visit-${visit.index}`,
      )

const historyOf = (one: ConsoleExecutionDetail, now: number): Html =>
  unfolding(
    one.history.map(event =>
      entry(
        `event-${event.id}`,
        html`<span class="fine num">${event.id}</span><span class="grow">${event.type}</span><span class="fine at">${when(event.at, now)}</span>`,
        code(event.details, 'Details'),
      ),
    ),
  )
