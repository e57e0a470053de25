import { createHash } from 'node:crypto'
import { Fault } from '../engine/fault.ts'
import type { State } from '../engine/state.ts'

export type Answer = {
  readonly status: number
  readonly body: string
  readonly headers: Record<string, string>
}

const RETENTION_MS = 24 * 3_600_000

/**
 * The answer of an earlier POST under this key, kept for a day; throws when it had other parameters.
 * https://docs.stripe.com/api/idempotent_requests
 */
export function earlierAnswer(
  state: State,
  key: string,
  fingerprint: string,
  nowMs: number,
): Answer | undefined {
  const found = state.idempotencyKeys.get(key)
  if (found === undefined || nowMs - found.atMs >= RETENTION_MS) return undefined
  if (found.fingerprint !== fingerprint) {
    throw new Fault(
      400,
      'idempotency_error',
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      { beforeExecution: true },
    )
  }
  return {
    status: found.status,
    body: found.body,
    headers: { ...found.headers, 'idempotent-replayed': 'true' },
  }
}

export function rememberAnswer(
  state: State,
  key: string,
  fingerprint: string,
  answer: Answer,
  nowMs: number,
): void {
  state.idempotencyKeys.set(key, { ...answer, fingerprint, atMs: nowMs })
}

export function fingerprintOf(method: string, path: string, body: string): string {
  return createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex')
}
