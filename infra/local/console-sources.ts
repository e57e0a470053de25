import type { LocalClock } from './clock.ts'
import { type ConsoleSources, caughtStates, flattenMachine } from './console/index.ts'
import type { Faults } from './faults.ts'
import type { UnusedGrant } from './iam/iam.ts'
import type { JournalEntry } from './journal.ts'
import type { ExecutionSummary } from './services/states/index.ts'
import type { Services } from './services.ts'
import { OBJECT_KINDS } from './stripe/control/objects.ts'
import type { RunningStripe } from './stripe/index.ts'

type ConsoleExecution = ReturnType<ConsoleSources['executions']>[number]
type ConsoleExecutionDetail = NonNullable<ReturnType<ConsoleSources['execution']>>

export type ConsoleParts = {
  readonly services: Services
  readonly clock: LocalClock
  readonly journal: () => readonly JournalEntry[]
  readonly faults: Faults
  readonly stripe: Pick<RunningStripe, 'objects'>
  readonly unusedGrants: () => readonly UnusedGrant[]
  readonly urls: {
    readonly aws: string
    readonly stripe: string
    /** By the API's name in the template. */
    readonly apis: Readonly<Record<string, string>>
  }
}

/** What the console shows, taken from the services that know it. */
export function consoleSources(parts: ConsoleParts): ConsoleSources {
  const { services, clock, stripe, faults, journal, unusedGrants } = parts
  return {
    links: linksOf(parts.urls),
    clock: {
      now: clock.now,
      get mode() {
        return clock.mode
      },
      offsetMs: () => clock.now() - Date.now(),
      nextDue: clock.nextDue,
      advanceTo: clock.advanceTo,
    },
    mailbox: services.ses.mailbox,
    functions: services.lambda.functions,
    executions: () => services.states.executions().map(toConsoleExecution),
    execution: (name, machine) => readExecution(services.states, name, machine),
    recentEvents: services.events.recentEvents,
    deadLetters: services.sqs.deadLetters,
    redrive: services.sqs.redrive,
    usage: services.apigateway.usage,
    stripe: {
      kinds: OBJECT_KINDS,
      objects: (name, page) => {
        const kind = OBJECT_KINDS.find(one => one === name)
        return kind === undefined ? [] : stripe.objects(kind, page)
      },
    },
    faults,
    logs: { groups: services.logs.groups, lines: services.logs.lines },
    journal,
    unusedGrants,
    health: () => ({ status: 'ok' }),
  }
}

/** API names begin with the product's: `tollgate-portal` is `Portal`. */
function linksOf({ apis, aws, stripe }: ConsoleParts['urls']): ConsoleSources['links'] {
  const named = Object.entries(apis).map(([name, url]) => ({ name: name.replace(/^[^-]+-/, ''), url }))
  // A browser sends the portal's cookies, and its forms their origin, by this name.
  const portal = named.find(one => one.name === 'portal')?.url.replace('127.0.0.1', 'localhost')
  return [
    ...(portal === undefined
      ? []
      : [
          { label: 'Portal', url: portal, role: 'portal' as const },
          { label: 'API docs', url: `${portal}/docs` },
        ]),
    ...named.filter(one => one.name !== 'portal').map(({ name, url }) => ({ label: labelOf(name), url })),
    { label: 'AWS endpoint', url: aws },
    { label: 'Stripe', url: stripe },
  ]
}

const labelOf = (name: string): string =>
  name.length <= 3 ? name.toUpperCase() : name.charAt(0).toUpperCase() + name.slice(1)

function toConsoleExecution(execution: ExecutionSummary): ConsoleExecution {
  const { name, machine, status, currentStates, startedAt, stoppedAt, error } = execution
  return {
    name,
    machine,
    status,
    startedAt: Date.parse(startedAt),
    ...(stoppedAt === undefined ? {} : { stoppedAt: Date.parse(stoppedAt) }),
    ...(currentStates.length === 0 ? {} : { currentState: currentStates.join(', ') }),
    ...(error === undefined ? {} : { error }),
  }
}

function readExecution(
  states: Services['states'],
  name: string,
  machine: string | undefined,
): ConsoleExecutionDetail | undefined {
  const summary = states
    .executions()
    .find(one => one.name === name && (machine === undefined || one.machine === machine))
  const execution = summary && states.execution(summary.arn)
  if (execution === undefined) return undefined
  const graph = flattenMachine(execution.graph)
  const visited = execution.visits.map(({ leftAt, ...visit }) => ({
    ...visit,
    ...(leftAt === undefined ? {} : { exitedAt: leftAt }),
  }))
  const { input, output, cause } = execution
  return {
    ...toConsoleExecution(execution),
    ...(cause === undefined ? {} : { cause }),
    input,
    ...(output === undefined ? {} : { output }),
    graph,
    visited,
    current: execution.currentStates,
    failed: [...new Set([...execution.failedStates, ...caughtStates(graph, visited)])],
    history: execution.history.map(({ id, timestamp, type, ...details }) => ({
      id: Number(id),
      at: Number(timestamp) * 1000,
      type: String(type),
      details,
    })),
  }
}
