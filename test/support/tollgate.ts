import { LambdaClient } from '@aws-sdk/client-lambda'
import { billingContract } from '#billing/contract'
import { createInvoke } from '#kernel/invoke'
import type { Result } from '#kernel/result'
import { type Call, client } from '#kernel/rpc'
import { instant } from '#kernel/time'
import { FUNCTIONS } from '../../infra/aws/names.ts'
import { launch, type Tollgate } from '../../infra/launch.ts'
import { freePorts } from '../../infra/ports.ts'
import { Customer } from '../../infra/seed/customer.ts'
import { noteUnusedGrants } from './grant-notes.ts'

/** A whole product of its own, on free ports, whose clock stands still until it is advanced. */
export async function startTollgate(startAt: string): Promise<Tollgate> {
  const clock = { mode: 'frozen', startAt: Date.parse(startAt) } as const
  const tollgate = await launch({ clock, ports: await freePorts() })
  return {
    ...tollgate,
    async stop() {
      noteUnusedGrants(tollgate.unusedGrants())
      await tollgate.stop()
    },
  }
}

export const newCustomer = (tollgate: Tollgate, email: string): Customer =>
  new Customer(
    { portalUrl: tollgate.portalUrl, apiUrl: tollgate.apiUrl, consoleUrl: tollgate.urls.console },
    email,
  )

/** Advances by milliseconds of local time and waits until everything due has run. */
export const advance = (tollgate: Tollgate, ms: number): Promise<void> =>
  tollgate.clock.advanceTo(tollgate.clock.now() + ms)

/** Billing's procedures, called as the operator would with the AWS CLI. */
export function billingOf(tollgate: Tollgate) {
  return client(billingContract, createInvoke(FUNCTIONS.billing, new LambdaClient(tollgate.aws)))
}

/** The operator's call at the local time. */
export const operatorCall = (tollgate: Tollgate): Call => ({
  now: instant(tollgate.clock.now()),
  actor: { kind: 'service', service: 'operator' },
  requestId: 'operator',
})

/** The value, or an error that shows the failure. */
export function expectOk<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`)
  return result.value
}
