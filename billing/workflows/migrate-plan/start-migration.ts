import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import type { StoredMigration } from '../../plans/migrations.ts'
import type { Executions } from '../executions.ts'
import { type Started, startWork } from '../start-work.ts'

/** Starts the execution of a migration's present run, or takes over one that failed. */
export function startMigration(
  billing: Table,
  executions: Executions,
  machineArn: string,
  { migrationId, planId, run }: Pick<StoredMigration, 'migrationId' | 'planId' | 'run'>,
  now: Instant,
): Promise<Started> {
  const subject = `${migrationId}-r${run}`
  const input = { migrationId, planId, run }
  const order = { machine: 'migrate-plan', machineArn, object: subject, subject, input } as const
  return startWork(billing, executions, order, now)
}
