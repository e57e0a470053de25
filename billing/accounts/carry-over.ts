import { carryOverOf } from '../domain/segment.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import type { BillingDeps } from '../procedures/deps.ts'

/** Units that the account's closed segments leave to the open one, from the ledger as it is now. */
export async function loadCarryOver(
  { accounts, ledger }: Pick<BillingDeps, 'accounts' | 'ledger'>,
  accountId: string,
): Promise<number> {
  const segments = await accounts.listSegments(accountId)
  const billable = segments.filter(
    ({ closedAt, subscriptionId }) => closedAt !== null && subscriptionId !== null,
  )
  const closed = []
  for (const segment of billable) {
    const { units } = await foldPeriod(ledger, accountId, segment)
    closed.push({ ...segment, foldUnits: units })
  }
  return carryOverOf(closed)
}
