import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { Collection, Refundable } from './ports.ts'

export type RefundPlan = {
  readonly amountMinor: bigint
  /** Back to the card. */
  readonly refundMinor: bigint
  /** To the customer's balance, which pays the next invoices: what the card did not pay it cannot get back. */
  readonly toBalanceMinor: bigint
  /** Off what is still to be paid. */
  readonly reducedMinor: bigint
  /** Most that could be asked for. */
  readonly maxMinor: bigint
}

/**
 * What a credit note over an invoice does, or why there can be none. Never more than was invoiced and not credited yet,
 * and on a paid invoice never more than was paid and not given back yet, wherever that was done.
 */
export function planRefund(
  invoice: Pick<Collection, 'status' | 'totalMinor' | 'remainingMinor' | 'creditedMinor'>,
  paid: Refundable,
  askedMinor: bigint | undefined,
  format: (amountMinor: bigint) => string,
): Result<RefundPlan> {
  if (invoice.status !== 'open' && invoice.status !== 'paid')
    return refused(`This invoice is ${STATES[invoice.status]}: there is nothing to give back.`)
  const creditable = invoice.totalMinor - invoice.creditedMinor
  const isOpen = invoice.status === 'open'
  const limit = isOpen ? invoice.remainingMinor : paid.cardMinor + paid.otherMinor
  const maxMinor = creditable < limit ? creditable : limit
  if (maxMinor <= 0n) return refused('Everything on this invoice was given back already.')
  const amountMinor = askedMinor ?? maxMinor
  if (amountMinor > maxMinor)
    return refused(
      `At most ${format(maxMinor)} of this invoice can be given back, not ${format(amountMinor)}.`,
    )
  if (isOpen)
    return ok({ amountMinor, maxMinor, refundMinor: 0n, toBalanceMinor: 0n, reducedMinor: amountMinor })
  const refundMinor = amountMinor < paid.cardMinor ? amountMinor : paid.cardMinor
  return ok({
    amountMinor,
    maxMinor,
    refundMinor,
    toBalanceMinor: amountMinor - refundMinor,
    reducedMinor: 0n,
  })
}

const STATES = { draft: 'not issued yet', void: 'void', uncollectible: 'written off' } as const

const refused = (message: string): Failure => fail('refund_refused', message)
