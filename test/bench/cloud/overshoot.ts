import { MINUTE_MS, SECOND_MS } from '#kernel/time'
import { LOG_GROUPS } from '../../../infra/aws/names.ts'
import type { Tollgate } from '../../../infra/launch.ts'
import { batchOf } from '../../../infra/seed/customer.ts'
import { accountIdOfEmail } from '../../support/account.ts'
import { advance, billingOf, expectOk, newCustomer, operatorCall } from '../../support/tollgate.ts'
import type { Note } from '../figures.ts'
import { inParallel } from './gateway.ts'
import { usageMessage } from './metering.ts'

const EMAIL = 'capped@example.com'
const CONCURRENCY = 16
const BATCH_UNITS = 100
/** Below Starter's burst, with time to refill in between: the rate limit is not what is measured. */
const CALLS_AT_ONCE = 300
/** Calls that the counter never saw, as those of an authorizer answer from before the cap would be. */
const SLIPPED_UNITS = 50

/** Concurrent calls past a spend cap: what the counter let through, and what becomes of what slips past it. */
export async function overshoot(tollgate: Tollgate, note: Note): Promise<void> {
  const customer = newCustomer(tollgate, EMAIL)
  await customer.signUp()
  await tollgate.clock.whenIdle()
  await customer.createKey('Capped')
  await customer.buy('starter')
  await advance(tollgate, 3 * MINUTE_MS)
  const accountId = await accountIdOfEmail(tollgate, EMAIL)
  const standing = async () => {
    await advance(tollgate, 2 * MINUTE_MS)
    return expectOk(await billingOf(tollgate).getSubscription({ accountId }, operatorCall(tollgate)))
  }
  const { hardLimitUnits } = await standing()
  if (hardLimitUnits === null) throw new Error('a new payer has a cap')

  let [answered, refused] = [0, 0]
  const call = async (path: string, body: unknown) => {
    const { status, units } = await customer.call(path, body)
    if (status !== 200 && status !== 402) throw new Error(`status ${status}`)
    answered += units
    if (status === 402) refused++
  }
  const batches = Math.ceil(hardLimitUnits / BATCH_UNITS) + CONCURRENCY
  for (let sent = 0; sent < batches; sent += CALLS_AT_ONCE) {
    const count = Math.min(CALLS_AT_ONCE, batches - sent)
    await inParallel(count, CONCURRENCY, () => call('/v1/batch', batchOf(BATCH_UNITS)))
    await advance(tollgate, 10 * SECOND_MS)
  }
  await inParallel(2 * BATCH_UNITS, CONCURRENCY, i => call('/v1/email', { email: `o${i}@example.com` }))
  const full = await standing()

  const now = tollgate.clock.now()
  const slipped = Array.from({ length: SLIPPED_UNITS }, (_, i) => ({
    timestamp: now,
    message: usageMessage(accountId, `slipped-${i}`, now),
  }))
  tollgate.cloud.putLogs(LOG_GROUPS.apiFunction, 'bench', slipped)
  await tollgate.clock.whenIdle()
  const over = await standing()
  note(
    `spend cap of ${hardLimitUnits} units, ${CONCURRENCY} connections`,
    `${answered} units answered, ${refused} calls refused`,
  )
  note(
    '  overshoot: units past the cap',
    `${answered - hardLimitUnits} at the gateway, ${full.unitsUsed - hardLimitUnits} in the ledger`,
  )
  note(
    `  ${over.unitsUsed - hardLimitUnits} units that the counter never saw`,
    `waived: the bill stays at ${full.costSoFarMinor} → ${over.costSoFarMinor} cents`,
  )
}
