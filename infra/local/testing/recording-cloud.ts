import { createClock, type LocalClock } from '../clock.ts'
import type { LocalCloud, OperationContext, Service } from '../contract.ts'
import { createFaults } from '../faults.ts'

export const START = Date.UTC(2026, 0, 1)

export type FakeCloud = LocalCloud & {
  readonly clock: LocalClock
  readonly invoked: { functionArn: string; event: unknown; sourceArn: string | undefined }[]
  readonly delivered: {
    arn: string
    event: unknown
    principal: string | undefined
    sourceArn: string | undefined
  }[]
  readonly policies: Map<string, unknown>
  readonly journaled: string[]
}

/** A cloud with a frozen clock that allows everything and keeps what is handed through its doors. */
export function fakeCloud(overrides: Partial<LocalCloud> = {}): FakeCloud {
  const clock = createClock({ mode: 'frozen', startAt: START })
  const invoked: FakeCloud['invoked'] = []
  const delivered: FakeCloud['delivered'] = []
  const policies = new Map<string, unknown>()
  const journaled: string[] = []
  const unbound = (): never => {
    throw new Error('this door is not bound in the fake cloud')
  }
  return {
    region: 'us-east-1',
    accountId: '000000000000',
    endpointUrl: 'http://127.0.0.1:4566',
    journal: entry => void journaled.push(entry.summary),
    authorize: () => undefined,
    invoke: unbound,
    invokeAsync: (functionArn, payload, identity) =>
      void invoked.push({ functionArn, event: JSON.parse(payload), ...callerOf(identity) }),
    faults: createFaults({
      clock,
      journal: entry => void journaled.push(entry.summary),
      stop: () => undefined,
    }),
    putLogs: unbound,
    call: unbound,
    setResourcePolicy: (arn, policy) => void policies.set(arn, policy),
    deliver: async (target, event, identity) =>
      void delivered.push({ arn: target.arn, event, ...callerOf(identity) }),
    ...overrides,
    clock,
    invoked,
    delivered,
    policies,
    journaled,
  }
}

function callerOf(identity: Parameters<LocalCloud['invokeAsync']>[2]) {
  const service = identity.kind === 'service' ? identity : undefined
  return { principal: service?.principal, sourceArn: service?.sourceArn }
}

const ROOT: OperationContext = { identity: { kind: 'root' }, requestId: 'r', authorize: () => undefined }

/** Calls an operation as root. Never-typed input: what the wire brings. */
export async function call<T = Record<string, unknown>>(
  service: Service,
  operation: string,
  input: unknown,
): Promise<T> {
  const run = service.operations[operation]
  if (!run) throw new Error(`${service.name} has no ${operation}`)
  return (await run(input, ROOT)) as T
}

/** Provisions one resource of the stack `shop`. */
export async function provision(
  service: Service,
  type: string,
  logicalId: string,
  properties: Record<string, unknown>,
) {
  const provider = service.resources[type]
  if (!provider) throw new Error(`${service.name} has no ${type}`)
  return await provider({ stackName: 'shop', logicalId, type, properties, assemblyDir: '/nowhere' })
}
