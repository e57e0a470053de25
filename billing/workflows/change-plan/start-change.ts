import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import type { AccountStore } from '../../accounts/store.ts'
import { markChanging } from '../../changes/changing.ts'
import type { Executions } from '../executions.ts'
import { type Started, startWork } from '../start-work.ts'
import { endWork } from '../work-item.ts'
import type { FollowKind } from './state.ts'

export type StartChangePorts = {
  readonly billing: Table
  readonly accounts: Pick<AccountStore, 'getAccount'>
  readonly executions: Executions
  readonly machines: { readonly changePlan: string }
}
export type Following = {
  readonly accountId: string
  readonly subscriptionId: string
  readonly kind: FollowKind
  readonly planVersionId: string
  /** End of the period that `renewed` is about, in unix seconds. */
  readonly boundary?: number
}

/**
 * Starts or takes over what is to be done about a subscription. The open change of an account has the account's own work
 * item, so that there is one at a time; what merely follows Stripe has one for each subscription and occasion.
 */
export async function startChange(
  ports: StartChangePorts,
  following: Following,
  now: Instant,
): Promise<Started> {
  const { accountId, subscriptionId, planVersionId, kind } = following
  const subject = subjectOf(following)
  const work = workItemOf(following)
  // Listed for the sweep, so that an execution which fails is taken over.
  if (kind === 'switch_on') await markChanging(ports.billing, accountId)
  const started = await startWork(
    ports.billing,
    ports.executions,
    {
      ...{ machine: 'change-plan', machineArn: ports.machines.changePlan, object: work, subject },
      input: {
        ...{ accountId, subscriptionId, planVersionId, planId: planVersionId.split('@')[0] },
        ...(kind !== 'switch_on' && { what: kind, changeId: subject, work }),
      },
    },
    now,
  )
  if (kind === 'switch_on') await forgetFinished(ports, following, started)
  return started
}

/** The work item: the account for its open change, else one of its own. */
export const workItemOf = (following: Following): string =>
  following.kind === 'switch_on' ? following.accountId : `${following.accountId}#${subjectOf(following)}`

const subjectOf = ({ kind, subscriptionId, boundary }: Following): string =>
  kind === 'switch_on'
    ? subscriptionId
    : kind === 'renewed'
      ? `${subscriptionId}-at-${boundary}`
      : `${subscriptionId}-${kind}`

/** The execution may have ended between the decision and the claim: then the claim has nobody who would remove it. */
async function forgetFinished(
  { billing, accounts, executions, machines }: StartChangePorts,
  { accountId, subscriptionId }: Following,
  { started }: Started,
): Promise<void> {
  const account = started === null ? undefined : await accounts.getAccount(accountId)
  if (account?.subscriptionId !== subscriptionId || started === null) return
  const status = await executions.status(machines.changePlan, started)
  const owned = [{ path: 'owner', equals: started }]
  if (status === 'succeeded') await endWork(billing, 'change-plan', accountId, owned)
}
