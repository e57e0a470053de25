import type { LocalClock } from './clock.ts'
import type { ConsoleSources } from './console/index.ts'
import type { JournalEntry } from './journal.ts'
import type { ExecutionSummary } from './services/states/index.ts'
import type { Services } from './services.ts'

type ConsoleExecution = ReturnType<ConsoleSources['executions']>[number]

/** What the console shows, taken from the services that know it. */
export function consoleSources(
  services: Services,
  clock: LocalClock,
  journal: () => readonly JournalEntry[],
  apiUrls: Readonly<Record<string, string>>,
): ConsoleSources {
  return {
    mailbox: services.ses.mailbox,
    clock: {
      now: clock.now,
      mode: clock.mode,
      offsetMs: () => clock.now() - Date.now(),
      advanceTo: clock.advanceTo,
    },
    executions: () => services.states.executions().map(toConsoleExecution),
    deadLetters: services.sqs.deadLetters,
    recentEvents: services.events.recentEvents,
    functions: services.lambda.functions,
    journal,
    health: () => ({ status: 'ok' }),
    links: apiUrls,
  }
}

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
