import { derivedId } from '#kernel/ids'
import { HOUR_MS, plusMs } from '#kernel/time'
import { settledAt } from '../../changes/ports.ts'
import { scheduleChange } from '../../changes/schedule-change.ts'
import { announceRow, getRow, markMigrationDue, putRow } from '../../plans/migrations.ts'
import { serviceCall } from '../../procedures/service-call.ts'
import { StripeRefused } from '../../stripe/failure.ts'
import { migrateAccount, type Task } from './migrate-account.ts'

/** Puts back one customer who has not renewed yet; one whose renewal is settled or past is followed to its end. */
export async function undoAccount(task: Task, accountId: string): Promise<void> {
  const { ports, migration, target, now } = task
  const { migrationId } = migration
  const row = await getRow(ports.billing, migrationId, accountId)
  if (!row) return
  await announceRow(ports.billing, ports.publish, migrationId, accountId)
  const put = (next: typeof row) => putRow(ports.billing, ports.publish, migrationId, next, now)
  if (row.state === 'pending' || row.state === 'failed')
    return put({ ...row, state: 'undone', at: null, reason: null })
  if (row.state !== 'scheduled' || row.at === null) return
  if (now >= row.at) return migrateAccount(task, accountId)
  if (now >= settledAt(row.at))
    return markMigrationDue(ports.billing, migrationId, accountId, plusMs(row.at, HOUR_MS))
  const account = await ports.accounts.getAccount(accountId)
  const isOurs = account?.scheduled?.planVersionId === target.planVersionId
  try {
    if (account?.subscriptionId && isOurs)
      await scheduleChange(
        ports,
        accountId,
        account.subscriptionId,
        null,
        serviceCall(now, `undo-${migrationId}`),
      )
  } catch (error) {
    if (!(error instanceof StripeRefused)) throw error
    return put({ ...row, state: 'failed', reason: error.message })
  }
  const event = {
    id: derivedId('evt', 'plan.migration_undone', migrationId, accountId, String(row.at)),
    type: 'plan.migration_undone',
    at: now,
    data: { accountId, planName: target.name },
  }
  const undone = { ...row, state: 'undone' as const, at: null, reason: null }
  await putRow(ports.billing, ports.publish, migrationId, undone, now, event)
}
