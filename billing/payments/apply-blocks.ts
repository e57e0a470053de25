import type { Publish } from '#kernel/outbox'
import type { Call } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { clearDue, type DueMarker, markDue } from '../accounts/due.ts'
import { entitle } from '../accounts/entitle.ts'
import type { AccountStore } from '../accounts/store.ts'
import type { Account } from '../domain/records.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { type Dunning, listDunning } from './dunning-record.ts'
import { listSuspensions, publishSuspensions, type SuspensionRecord } from './suspension.ts'

/**
 * The blocks of an account, derived from what they follow from: `unpaid` while an invoice is overdue, `suspended` while
 * a suspension is in force. `closed` is left as it is.
 */
export function blocksOf(
  blocks: Account['blocks'],
  dunning: readonly Pick<Dunning, 'blockedAt' | 'endedAt'>[],
  suspensions: readonly Pick<SuspensionRecord, 'liftedAt'>[],
): Account['blocks'] {
  const isOverdue = dunning.some(one => one.blockedAt !== undefined && one.endedAt === undefined)
  const isSuspended = suspensions.some(one => one.liftedAt === undefined)
  return [
    ...(isOverdue ? (['unpaid'] as const) : []),
    ...(isSuspended ? (['suspended'] as const) : []),
    ...blocks.filter(block => block === 'closed'),
  ]
}

/**
 * Brings the blocks of an account in force, tells access, and publishes what its suspensions announce. Called after the
 * dunning record or the suspension was changed, by a caller that repeats it when it is cut off; from the marker on a job
 * does that.
 */
export async function applyBlocks(
  deps: Pick<BillingDeps, 'access' | 'accounts' | 'billing' | 'ledger' | 'plans'> & {
    readonly publish: Publish
  },
  accountId: string,
  call: Call,
  due?: DueMarker,
): Promise<void> {
  const marker = due ?? (await markDue(deps.billing, 'blocks-due', accountId))
  await deriveBlocks(deps, accountId)
  // Access being down is its own marker: roll-up repeats it.
  await entitle(deps, accountId, call)
  await publishSuspensions(deps.billing, deps.publish, accountId)
  await clearDue(deps.billing, 'blocks-due', marker)
}

/**
 * The account is written even when nothing changes: of two that derive at the same moment, the one whose write comes
 * first makes the other one read again, so the last write has seen every change. A round that fails is another
 * writer's success, so this ends.
 */
async function deriveBlocks(
  { accounts, billing }: { readonly accounts: AccountStore; readonly billing: Table },
  accountId: string,
): Promise<void> {
  for (;;) {
    const account = await accounts.getAccount(accountId)
    if (!account) throw new Error(`billing does not know the account ${accountId}`)
    const [dunning, suspensions] = await Promise.all([
      listDunning(billing, accountId),
      listSuspensions(billing, accountId),
    ])
    const blocks = blocksOf(account.blocks, dunning, suspensions)
    await listSuspended(billing, accountId, blocks.includes('suspended'))
    if (await accounts.changeAccount(account, { blocks })) return
  }
}

/** Suspended accounts for the list of problems: `suspended` / `<account>`. */
const SUSPENDED = 'suspended'

async function listSuspended(billing: Table, accountId: string, isSuspended: boolean): Promise<void> {
  const key = { pk: SUSPENDED, sk: accountId }
  if (isSuspended) await billing.put(key)
  else await billing.remove(key)
}

export async function readSuspended(billing: Table): Promise<string[]> {
  return (await billing.query({ pk: SUSPENDED, consistent: false })).map(({ sk }) => sk)
}
