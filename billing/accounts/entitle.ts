import { isDeepStrictEqual } from 'node:util'
import type { Entitlement } from '#api/contract'
import type { Call } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import { decideEntitlement } from '../domain/entitlement.ts'
import type { Account } from '../domain/records.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { indexAccount } from './account-index.ts'
import { loadCarryOver } from './carry-over.ts'
import { clearDue, type DueMarker, markDue } from './due.ts'
import { repairCounter } from './repair-counter.ts'

export type Entitled = {
  /** Version that billing asked for. */
  readonly version: number
  /** Access has this version in force, its gateway limits included. */
  readonly inForce: boolean
  /** Why access did not answer, for the log. */
  readonly problem?: string
}

/**
 * Tells access the whole entitlement of an account. The `entitle-due` marker is set before and cleared only once
 * access answers that this version is in force, so roll-up repeats what failed or was cut off; access being down is an
 * outcome, not an error. Throws for an account that billing does not know, a plan version that is missing, or a
 * subscription without a segment.
 */
export async function entitle(
  deps: Pick<BillingDeps, 'access' | 'accounts' | 'billing' | 'ledger' | 'plans'>,
  accountId: string,
  call: Call,
  due?: DueMarker,
): Promise<Entitled> {
  const marker = due ?? (await markDue(deps.billing, 'entitle-due', accountId))
  const entitlement = await computeEntitlement(deps, accountId, call.now)
  const { version } = entitlement
  await indexAccount(deps.billing, entitlement)
  const answer = await ask(deps, entitlement, call)
  if (typeof answer === 'string') return { version, inForce: false, problem: answer }
  const inForce = answer.version === version && answer.limitsInForce
  // A limit that came in the middle of a segment counts what was used before it.
  if (inForce && (entitlement.hardLimit || entitlement.keyCaps)) {
    const problem = await problemOf(() => repairCounter(deps, accountId, asService(call)))
    if (problem !== undefined) return { version, inForce, problem }
  }
  if (inForce) await clearDue(deps.billing, 'entitle-due', marker)
  return { version, inForce }
}

/**
 * The version is taken by a conditional write on the account that was read: what changed meanwhile is computed anew.
 * This ends, because each round that fails is another writer's success.
 */
async function computeEntitlement(
  deps: Pick<BillingDeps, 'accounts' | 'ledger' | 'plans'>,
  accountId: string,
  now: Instant,
): Promise<Entitlement> {
  for (;;) {
    const account = await deps.accounts.getAccount(accountId)
    if (!account) throw new Error(`billing does not know the account ${accountId}`)
    const content = await loadContent(deps, account, now)
    const known = account.entitlement
    if (known && sameContent(known, content)) return known
    const version = account.entitlementVersion + 1
    const entitlement = { ...content, version }
    const changed = await deps.accounts.changeAccount(account, { entitlement, entitlementVersion: version })
    if (changed) return entitlement
  }
}

async function loadContent(
  deps: Pick<BillingDeps, 'accounts' | 'ledger' | 'plans'>,
  account: Account,
  now: Instant,
) {
  const plan = await deps.plans.getVersion(account.planVersionId)
  if (!plan) throw new Error(`the plan version ${account.planVersionId} is not published`)
  const newestSegment = await deps.accounts.newestSegment(account.accountId)
  const isPayer = account.subscriptionId !== null
  const carryOverUnits = isPayer ? await loadCarryOver(deps, account.accountId, now) : 0
  return decideEntitlement({ account, plan, newestSegment, carryOverUnits })
}

function sameContent({ version: _, ...known }: Entitlement, content: Omit<Entitlement, 'version'>): boolean {
  return isDeepStrictEqual(known, content)
}

const asService = (call: Call): Call => ({ ...call, actor: { kind: 'service', service: 'billing' } })

async function problemOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function ask(deps: Pick<BillingDeps, 'access'>, entitlement: Entitlement, call: Call) {
  try {
    const reply = await deps.access.setEntitlement(entitlement, asService(call))
    return reply.ok ? reply.value : `${reply.code}: ${reply.message}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
