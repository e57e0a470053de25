import { createClock, type LocalClock } from '../clock.ts'
import type { Identity, LocalCloud, LogLine } from '../contract.ts'
import { createFaults } from '../faults.ts'

export type FakeCloud = LocalCloud & {
  readonly clock: LocalClock
  readonly logs: { group: string; stream: string; lines: readonly LogLine[] }[]
  readonly delivered: { arn: string; event: unknown }[]
  readonly journaled: string[]
  /** `action resource` of each check. */
  readonly checked: string[]
  /** Actions that are refused to everybody. */
  readonly denied: Set<string>
}

export const ROOT: Identity = { kind: 'root' }

/** A cloud with one service under test: doors to the others only write down what came. */
export function fakeCloud(startAt = Date.UTC(2026, 0, 1), endpointUrl = 'http://127.0.0.1:1'): FakeCloud {
  const clock = createClock({ mode: 'frozen', startAt, idleLimitMs: 5_000 })
  const unbound = () => {
    throw new Error('not part of this test')
  }
  const cloud: FakeCloud = {
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    endpointUrl,
    logs: [],
    delivered: [],
    journaled: [],
    checked: [],
    denied: new Set(),
    journal: entry => void cloud.journaled.push(entry.summary),
    authorize(_identity, action, resource) {
      cloud.checked.push(`${action} ${resource}`)
      if (cloud.denied.has(action)) throw new Error(`denied: ${action}`)
    },
    setResourcePolicy: () => undefined,
    invoke: unbound,
    invokeAsync: unbound,
    putLogs: (group, stream, lines) => void cloud.logs.push({ group, stream, lines }),
    call: unbound,
    faults: createFaults({ clock, journal: entry => cloud.journal(entry), stop: () => undefined }),
    deliver: async (target, event) => void cloud.delivered.push({ arn: target.arn, event }),
  }
  return cloud
}
