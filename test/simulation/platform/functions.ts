import type { Assembly } from './assembly.ts'
import type { SimulatedClock } from './clock.ts'
import type { Effects, Trace } from './effects.ts'
import { FunctionDied, type Invocations } from './invocations.ts'

/** What a `.lambda.ts` entry wires, on the ports of a simulation. */
export type Handler = (event: unknown, context: { readonly awsRequestId: string }) => Promise<unknown>
export type Handlers = Readonly<Record<string, Handler>>

export type DeadLetter = {
  readonly functionName: string
  readonly event: unknown
  readonly error: string
  /** Told when it was taken after all. */
  readonly onDone: () => void
}
export type Functions = ReturnType<typeof createFunctions>

/** Lambda repeats a failed asynchronous event after one and after two more minutes. */
const RETRIES_AFTER_MS = [60_000, 120_000] as const

/** Lambda: synchronous invocations, and asynchronous ones with retries and dead letters. */
export function createFunctions(
  ports: {
    readonly assembly: Assembly
    readonly clock: SimulatedClock
    readonly invocations: Invocations
    readonly effects: Effects
    readonly trace: Trace
  },
  handlers: () => Handlers,
) {
  const { assembly, clock, invocations, effects, trace } = ports
  const deadLetters: DeadLetter[] = []

  const invoke = async (functionName: string, event: unknown): Promise<unknown> => {
    const handler = handlers()[functionName]
    const seconds = assembly.timeouts.get(functionName)
    if (!handler || seconds === undefined) throw new Error(`no simulation runs ${functionName}`)
    return invocations.run(functionName, seconds * 1_000, awsRequestId => handler(event, { awsRequestId }))
  }

  const attempt = (functionName: string, event: unknown, retry: number, onDone: () => void): void => {
    invoke(functionName, event).then(onDone, error => {
      trace(`${functionName} failed: ${describe(error)}`)
      const pause = RETRIES_AFTER_MS[retry]
      if (pause === undefined) deadLetters.push({ functionName, event, error: describe(error), onDone })
      else clock.after(pause, () => attempt(functionName, event, retry + 1, onDone))
    })
  }

  return {
    trace,
    runs: (functionName: string): boolean => Object.hasOwn(handlers(), functionName),
    invoke,
    /** Hands an event over: it comes late, and perhaps twice. `onDone` is told each time that it was taken. */
    invokeLater(functionName: string, event: unknown, onDone: () => void = () => undefined): void {
      for (const delay of effects.schedule().deliveries())
        clock.after(delay, () => attempt(functionName, event, 0, onDone))
    },
    deadLetters: (): readonly DeadLetter[] => deadLetters,
    /** What an operator does once the cause is gone. */
    redrive(): number {
      const letters = deadLetters.splice(0)
      for (const { functionName, event, onDone } of letters)
        clock.after(1_000, () => attempt(functionName, event, 0, onDone))
      return letters.length
    },
  }
}

export const describe = (error: unknown): string =>
  error instanceof FunctionDied
    ? error.message
    : error instanceof Error
      ? `${error.name}: ${error.message}`
      : String(error)
