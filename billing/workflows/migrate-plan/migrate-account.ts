import { isFree, type MigratedAccount, type PlanVersion } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import type { DomainEvent } from '#kernel/outbox'
import { DAY_MS, HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { catchUpFree } from '../../accounts/advance-segment.ts'
import { markDue } from '../../accounts/due.ts'
import { scheduleChange } from '../../changes/schedule-change.ts'
import {
  announceRow,
  getRow,
  markMigrationDue,
  putRow,
  type StoredMigration,
} from '../../plans/migrations.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { StripeRefused, TransientError } from '../../stripe/failure.ts'
import { toStepError } from '../errors.ts'
import { readPlanChange } from '../work-item.ts'
import { decideAccount, rowAfter } from './decide-account.ts'
import type { MigratePorts } from './state.ts'

/** A renewal is noticed within minutes; then the customer is looked at again. */
const LOOK_AFTER_MS = 10 * 60_000
/** How long the account may take to follow what Stripe has carried out. */
const NOTICED_MS = 6 * HOUR_MS
/** Stripe renewed and the account did not follow: a person has to look. */
const LATE_MS = 3 * DAY_MS

export type Task = {
  readonly ports: MigratePorts
  readonly migration: StoredMigration
  readonly target: PlanVersion
  readonly now: Instant
}

/** Takes one customer a step further. What fails for this customer is noted on it and stops nobody else. */
export async function migrateAccount(task: Task, accountId: string): Promise<void> {
  const { ports, migration, now } = task
  const row = await getRow(ports.billing, migration.migrationId, accountId)
  if (!row) return
  await announceRow(ports.billing, ports.publish, migration.migrationId, accountId)
  try {
    await (row.state === 'scheduled' ? follow(task, row) : schedule(task, row))
  } catch (error) {
    // Trouble of AWS or of Stripe is not this customer's: the machine tries again.
    if (toStepError(error) instanceof TransientError) throw error
    const message = error instanceof Error ? error.message : String(error)
    const refused = error instanceof StripeRefused ? message : `something failed: ${message}`
    await putRow(
      ports.billing,
      ports.publish,
      migration.migrationId,
      { ...row, state: 'failed', reason: refused },
      now,
    )
  }
}

async function schedule(task: Task, row: MigratedAccount): Promise<void> {
  const { ports, migration, target, now } = task
  const { migrationId } = migration
  const facts = await loadFacts(ports, row.accountId)
  const step = decideAccount(facts, target, migration.noticeDays * DAY_MS, now)
  const put = (next: MigratedAccount) => putRow(ports.billing, ports.publish, migrationId, next, now)
  if (step.kind === 'defer') {
    await markMigrationDue(ports.billing, migrationId, row.accountId, step.until)
    return put(rowAfter(row, step))
  }
  if (step.kind === 'migrated' || step.kind === 'skip') return put(rowAfter(row, step))
  if (step.kind === 'schedule' && facts.subscription)
    await scheduleChange(
      ports,
      row.accountId,
      facts.subscription.id,
      { kind: 'plan', plan: target },
      serviceCall(now, `migrate-${migrationId}`),
    )
  await markMigrationDue(ports.billing, migrationId, row.accountId, plusMs(step.at, LOOK_AFTER_MS))
  const next = rowAfter(row, { kind: 'scheduled', at: step.at })
  await putRow(ports.billing, ports.publish, migrationId, next, now, announced(task, next))
}

export async function loadFacts({ accounts, billing, stripe }: MigratePorts, accountId: string) {
  const account = await accounts.getAccount(accountId)
  const subscriptionId = account?.subscriptionId ?? null
  return {
    account,
    newestSegment: account && (await accounts.newestSegment(accountId)),
    subscription: subscriptionId === null ? null : await stripe.getSubscription(subscriptionId),
    open: await readPlanChange(billing, accountId),
  }
}

/** The renewal has passed: is the customer on the new version? */
async function follow({ ports, migration, target, now }: Task, row: MigratedAccount): Promise<void> {
  const { migrationId } = migration
  const put = (next: MigratedAccount) => putRow(ports.billing, ports.publish, migrationId, next, now)
  const account = await ports.accounts.getAccount(row.accountId)
  const at = row.at ?? now
  if (account?.planVersionId === target.planVersionId) return put({ ...row, state: 'migrated', reason: null })
  const stays = account?.planVersionId === row.fromVersionId
  if (account && stays && isFree(target) && now >= at) {
    await moveFree(ports, row.accountId, target, now)
    return put({ ...row, state: 'migrated', reason: null })
  }
  // A free account has nothing at Stripe that could have been taken back.
  const isScheduled = isFree(target) || account?.scheduled?.planVersionId === target.planVersionId
  if (stays && isScheduled && now < at)
    return markMigrationDue(ports.billing, migrationId, row.accountId, plusMs(at, LOOK_AFTER_MS))
  // What Stripe has carried out is not scheduled any more, and is noticed a little later.
  if (!stays || (!isScheduled && (now < at || now > plusMs(at, NOTICED_MS)))) {
    const reason = stays
      ? 'the change was taken back before the renewal'
      : `is on ${account?.planVersionId} by now`
    return put({ ...row, state: 'skipped', at: null, reason })
  }
  if (now > plusMs(at, LATE_MS))
    return put({
      ...row,
      state: 'failed',
      reason: 'the renewal has passed, and the old version is still in force',
    })
  await markMigrationDue(ports.billing, migrationId, row.accountId, plusMs(now, HOUR_MS))
}

/** A free account has no renewal at Stripe: its month turned, and the new version holds from then on. */
async function moveFree(
  { accounts, billing }: MigratePorts,
  accountId: string,
  target: PlanVersion,
  now: Instant,
): Promise<void> {
  const account = await accounts.getAccount(accountId)
  if (!account || account.subscriptionId !== null) return
  const { planVersionId } = target
  const segment = await catchUpFree(accounts, account, now)
  await accounts.replaceSegment(segment, { ...segment, planVersionId })
  await markDue(billing, 'entitle-due', accountId)
  if (!(await accounts.changeAccount(account, { planVersionId })))
    throw new TransientError(`the account ${accountId} was changed meanwhile`)
}

function announced({ migration, target, now }: Task, row: MigratedAccount): DomainEvent {
  const { accountId, fromVersionId, at } = row
  const { migrationId, toVersionId } = migration
  return {
    id: derivedId('evt', 'plan.migration_scheduled', migrationId, accountId, String(at)),
    type: 'plan.migration_scheduled',
    at: now,
    data: { ...{ accountId, fromVersionId, toVersionId, at }, ...termsOf(target) },
  }
}

/** What a customer is told of the coming version. */
const termsOf = ({ name, flatFeeMinor, includedUnits, currency, unit }: PlanVersion) => ({
  ...{ planName: name, flatFeeMinor, includedUnits, currency, unit },
})
