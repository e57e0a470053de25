import { AsyncLocalStorage } from 'node:async_hooks'
import type { SimulatedClock } from './clock.ts'

/**
 * A run of a function. When it dies (a crash, a timeout) nothing of it goes on: every effect that it asks for from then
 * on never answers, so no `catch` and no `finally` of it runs, as when a Lambda environment is gone.
 */
export type Invocation = {
  readonly functionName: string
  readonly requestId: string
  readonly isAlive: () => boolean
  die(errorType: 'Runtime.ExitError' | 'Sandbox.Timedout'): void
}

/** What the caller of a function that died hears. */
export class FunctionDied extends Error {
  readonly errorType: string
  constructor(functionName: string, errorType: string) {
    super(`${functionName} died: ${errorType}`)
    this.name = 'FunctionDied'
    this.errorType = errorType
  }
}

export type Invocations = ReturnType<typeof createInvocations>

export function createInvocations(clock: SimulatedClock) {
  const current = new AsyncLocalStorage<Invocation>()
  let count = 0

  return {
    current: () => current.getStore(),

    /** Runs what goes on without the invocation that began it. */
    outside: <T>(work: () => T): T => current.exit(work),

    /** Runs work as an invocation that may take so long. Rejects with what it throws, or `FunctionDied`. */
    run<T>(functionName: string, timeoutMs: number, work: (requestId: string) => Promise<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        let alive = true
        const end = () => {
          alive = false
          timer.cancel()
        }
        const die: Invocation['die'] = errorType => {
          if (!alive) return
          end()
          reject(new FunctionDied(functionName, errorType))
        }
        const timer = clock.after(timeoutMs, () => die('Sandbox.Timedout'))
        const requestId = `request-${++count}`
        const invocation: Invocation = { functionName, requestId, isAlive: () => alive, die }
        current
          .run(invocation, () => work(requestId))
          .then(
            value => {
              if (!alive) return
              end()
              resolve(value)
            },
            error => {
              if (!alive) return
              end()
              reject(error)
            },
          )
      })
    },
  }
}

/** The answer that a dead invocation gets. */
export const never = <T>(): Promise<T> => new Promise(() => undefined)
