import { createClock } from '../../clock.ts'
import { createFaults } from '../../faults.ts'
import type { StateGraph } from '../graph/graph.ts'
import type { ConsoleExecutionDetail, ConsoleSources } from '../sources.ts'

export const START = Date.UTC(2026, 0, 31, 12)
const MINUTE_MS = 60_000

/** Sources in which nothing has happened yet, on a clock that stands still. */
export function emptySources(overrides: Partial<ConsoleSources> = {}): ConsoleSources {
  const clock = createClock({ mode: 'frozen', startAt: START })
  return {
    links: [{ label: 'Portal', url: 'http://localhost:8080', role: 'portal' }],
    clock: {
      now: clock.now,
      mode: 'live',
      offsetMs: () => 5,
      nextDue: clock.nextDue,
      advanceTo: clock.advanceTo,
    },
    mailbox: () => [],
    functions: () => [],
    executions: () => [],
    execution: () => undefined,
    recentEvents: () => [],
    deadLetters: () => [],
    redrive: async () => 'nowhere',
    usage: () => [],
    stripe: { kinds: ['customers', 'subscriptions'], objects: () => [] },
    faults: createFaults({ clock, journal: () => undefined, stop: () => undefined }),
    logs: { groups: () => [], lines: () => [] },
    journal: () => [],
    unusedGrants: () => [],
    health: () => ({ status: 'ok' }),
    ...overrides,
  }
}

/** One of everything, with texts that would break out of markup that is not escaped. */
export function fullSources(overrides: Partial<ConsoleSources> = {}): ConsoleSources {
  const detail = heldExecution()
  const line = { timestamp: START, message: 'START RequestId: r-1 Version: $LATEST\n' }
  return emptySources({
    mailbox: () => [
      {
        to: 'dora@example.com',
        subject: '<b>Code</b>',
        text: 'It is 123456, see http://localhost:8080/confirm',
        code: '123456',
        sentAt: START,
      },
    ],
    functions: () => [
      {
        name: 'tollgate-api',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:tollgate-api',
        environments: 1,
        inFlight: 0,
        invocations: [
          {
            requestId: 'r-1',
            startedAt: START,
            durationMs: 12.5,
            coldStart: true,
            failed: true,
            payload: '{"path":"/v1/phone"}',
            result: '{"errorType":"<script>alert(1)</script>"}',
            lines: [line],
          },
        ],
      },
    ],
    executions: () => [detail],
    execution: name => (name === detail.name ? detail : undefined),
    recentEvents: () => [
      {
        busName: 'tollgate',
        event: {
          id: 'e-1',
          source: 'tollgate.billing',
          'detail-type': 'invoice.closed',
          time: '2026-01-31T12:00:00Z',
          detail: { invoice: '"><script>alert(1)</script>' },
        },
        rules: [],
      },
    ],
    deadLetters: () => [
      {
        id: 'm-1',
        queue: 'tollgate-dead',
        body: '<script>alert(1)</script>',
        attributes: { ERROR_CODE: 'TransientError' },
        sentAt: START,
        origin: 'arn:aws:lambda:us-east-1:000000000000:function:tollgate-api',
      },
    ],
    redrive: async () => 'arn:aws:lambda:us-east-1:000000000000:function:tollgate-api',
    usage: () => [
      {
        planId: 'p1',
        planName: 'limits-10-20',
        keyId: 'k1',
        keyName: 'acct_1',
        total: 42,
        throttled: 2,
        perDay: { '2026-01-31': 30, '2026-01-30': 12 },
        throttle: { rateLimit: 10, burstLimit: 20, tokensLeft: 20 },
      },
    ],
    stripe: {
      kinds: ['customers', 'subscriptions'],
      objects: kind =>
        kind === 'subscriptions'
          ? [{ id: 'sub_1', status: 'active', periodEnd: '2026-02-14T09:30:00.000Z' }]
          : [{ id: 'cus_1', email: 'dora@example.com', createdAt: '2026-01-31T12:00:00.000Z' }],
    },
    logs: {
      groups: () => [{ name: '/tollgate/api', lines: 1, storedBytes: 64, lastEventAt: START }],
      lines: () => [{ ...line, group: '/tollgate/api' }],
    },
    journal: () => [{ at: START, source: 'iam', summary: 'denied', detail: { action: 'sqs:SendMessage' } }],
    unusedGrants: () => [
      {
        holder: 'arn:aws:iam::000000000000:role/api',
        policy: 'ApiPolicy',
        actions: ['dynamodb:DeleteItem'],
        resources: ['*'],
      },
    ],
    ...overrides,
  })
}

/** A machine with choices, a loop, waits and a state that catches. */
export const GRAPH: StateGraph = {
  startAt: 'Hold',
  states: [
    { name: 'Hold', type: 'Task' },
    { name: 'Held?', type: 'Choice' },
    { name: 'AwaitLogs', type: 'Wait' },
    { name: 'NothingToClose', type: 'Succeed' },
    { name: 'Settle', type: 'Task' },
    { name: 'Settled', type: 'Choice' },
    { name: 'AwaitStripe', type: 'Wait' },
    { name: 'Finalize', type: 'Task' },
    { name: 'Fail', type: 'Task' },
    { name: 'NotClosed', type: 'Fail' },
  ],
  transitions: [
    { from: 'Hold', to: 'Held?', kind: 'next' },
    { from: 'Hold', to: 'Fail', kind: 'catch', label: 'States.ALL' },
    { from: 'Held?', to: 'AwaitLogs', kind: 'choice', label: 'outcome = held' },
    { from: 'Held?', to: 'Finalize', kind: 'choice', label: 'outcome = finalized' },
    { from: 'Held?', to: 'NothingToClose', kind: 'default', label: 'otherwise' },
    { from: 'AwaitLogs', to: 'Settle', kind: 'next' },
    { from: 'Settle', to: 'Settled', kind: 'next' },
    { from: 'Settle', to: 'Fail', kind: 'catch', label: 'States.ALL' },
    { from: 'Settled', to: 'Finalize', kind: 'choice', label: 'outcome = settled' },
    { from: 'Settled', to: 'AwaitStripe', kind: 'default', label: 'otherwise' },
    { from: 'AwaitStripe', to: 'Settle', kind: 'next' },
    { from: 'Finalize', to: 'Fail', kind: 'catch', label: 'States.ALL' },
    { from: 'Fail', to: 'NotClosed', kind: 'next' },
  ],
}

/** An execution that waits in the middle of its loop. */
function heldExecution(): ConsoleExecutionDetail {
  const way = ['Hold', 'Held?', 'AwaitLogs', 'Settle', 'Settled', 'AwaitStripe']
  const visited = way.map((state, i) => ({
    state,
    enteredAt: START - (way.length - i) * MINUTE_MS,
    ...(i === way.length - 1 ? {} : { exitedAt: START - (way.length - i - 1) * MINUTE_MS }),
    failures: 0,
  }))
  return {
    name: 'close-invoice-in_1-1',
    machine: 'close-invoice',
    status: 'RUNNING',
    currentState: 'AwaitStripe',
    startedAt: START - way.length * MINUTE_MS,
    input: { invoiceId: 'in_1' },
    graph: GRAPH,
    visited,
    current: ['AwaitStripe'],
    failed: [],
    history: visited.map(({ state, enteredAt }, i) => ({
      id: i + 1,
      at: enteredAt,
      type: 'StateEntered',
      details: { stateEnteredEventDetails: { name: state } },
    })),
  }
}
