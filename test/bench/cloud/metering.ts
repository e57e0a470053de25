import { usageLineSchema } from '#api/contract'
import { MINUTE_MS } from '#kernel/time'
import { LOG_GROUPS } from '../../../infra/aws/names.ts'
import { accountIdOfEmail } from '../../support/account.ts'
import { advance } from '../../support/tollgate.ts'
import { type Note, perSecond, timed } from '../figures.ts'
import { unitsUsed } from './gateway.ts'
import { EMAIL, type Running } from './start.ts'

const USAGE_LINES = 20_000
const IDLE_DAYS = 20

/** Usage lines into the log group as the api function prints them, until the totals have them; then idle days. */
export async function metering(running: Running, note: Note): Promise<void> {
  const { tollgate } = running
  const accountId = await accountIdOfEmail(tollgate, EMAIL)
  await advance(tollgate, 2 * MINUTE_MS)
  const before = await unitsUsed(running, accountId)
  const now = tollgate.clock.now()
  const lines = Array.from({ length: USAGE_LINES }, (_, i) => ({
    timestamp: now,
    message: usageMessage(accountId, `bench-${i}`, now),
  }))
  const startedAt = performance.now()
  for (let i = 0; i < lines.length; i += 100)
    tollgate.cloud.putLogs(LOG_GROUPS.apiFunction, 'bench', lines.slice(i, i + 100))
  await tollgate.clock.whenIdle()
  note('log line → ledger', perSecond(USAGE_LINES, performance.now() - startedAt, 'lines'))
  await timed(note, '  roll-up of those lines', () => advance(tollgate, 2 * MINUTE_MS))
  const units = (await unitsUsed(running, accountId)) - before
  if (units !== USAGE_LINES) throw new Error(`${units} of ${USAGE_LINES} lines are in the totals`)
  await timed(note, `${IDLE_DAYS} idle days on the clock`, () =>
    advance(tollgate, IDLE_DAYS * 24 * 60 * MINUTE_MS),
  )
}

/** As the api function prints it, of one unit. */
export function usageMessage(account: string, id: string, usedAt: number): string {
  const line = {
    ...{ id, account, key: `key_${'0'.repeat(22)}`, route: 'POST /v1/email' },
    ...{ units: '1', status: '200', usedAt: String(usedAt), durationMs: '1' },
  }
  usageLineSchema.parse(line)
  return JSON.stringify(line)
}
