import { fail, ok, type Result } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import { DAY_MS, type Instant, parseInstant, plusMs } from '#kernel/time'
import type { PortalDeps } from '../../deps.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatDate } from '../../format/time.ts'
import { parseAmount } from './amount.ts'

/** What an administrator filled in, by the names of the fields. */
export type Fields = Readonly<Record<string, string>>
export type ActionContext = {
  readonly billing: PortalDeps['billing']
  readonly accountId: string
  readonly currency: string
  readonly call: Call
}

/** One thing that an administrator can do to an account: reviewed first, done when it is confirmed. */
export type Action = {
  readonly title: string
  /** On the button that does it. */
  readonly button: string
  /** Shown when it is done. */
  readonly done: string
  readonly fields: readonly string[]
  /** Says what will happen, in sentences. Failures are for the person. */
  readonly review: (fields: Fields, context: ActionContext) => Promise<Result<readonly string[]>>
  readonly run: (fields: Fields, context: ActionContext) => Promise<Result<unknown>>
}

const AMOUNT = 'Write the amount in figures with a dot, such as 12.50.'
const invalid = (message: string) => fail('invalid_request', message)

const credit: Action = {
  title: 'Grant credit',
  button: 'Grant credit',
  done: 'The credit is granted.',
  fields: ['amount', 'until'],
  async review(fields, { currency }) {
    const terms = readCredit(fields, currency)
    if (!terms.ok) return terms
    const { amountMinor, expiresAt } = terms.value
    return ok([
      `${formatAmount(amountMinor, currency)} of credit, ${expiresAt === undefined ? 'without an end' : `until ${formatDate(expiresAt - DAY_MS)}`}.`,
      'It pays usage charges of coming invoices before tax, not the monthly fee. Credit that was not used can be taken back.',
    ])
  },
  async run(fields, { billing, accountId, currency, call }) {
    const terms = readCredit(fields, currency)
    if (!terms.ok) return terms
    const { reason = '', request = '' } = fields
    return billing.adminGrantCredit({ accountId, reason, idempotencyKey: request, ...terms.value }, call)
  },
}

function readCredit(
  { amount = '', until = '' }: Fields,
  currency: string,
): Result<{ amountMinor: string; expiresAt?: Instant }> {
  const amountMinor = parseAmount(amount, currency)
  if (amountMinor === null) return invalid(AMOUNT)
  if (until === '') return ok({ amountMinor })
  const start = /^\d{4}-\d{2}-\d{2}$/.test(until) ? Date.parse(`${until}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(start)) return invalid('Write the last day as in 2027-01-31.')
  return ok({ amountMinor, expiresAt: plusMs(parseInstant(`${until}T00:00:00Z`), DAY_MS) })
}

const voidCredit: Action = {
  title: 'Take back credit',
  button: 'Take it back',
  done: 'What was left of the credit is taken back.',
  fields: ['grantId'],
  review: async () => ok(['What is left of this credit is taken back. What it has paid already stays paid.']),
  run: ({ reason = '', grantId = '' }, { billing, accountId, call }) =>
    billing.adminVoidCredit({ accountId, grantId, reason }, call),
}

const coupon: Action = {
  title: 'Apply a discount',
  button: 'Apply discount',
  done: 'The discount is applied.',
  fields: ['off', 'months'],
  async review(fields, { currency }) {
    const terms = readCoupon(fields, currency)
    if (!terms.ok) return terms
    const { off, duration } = terms.value
    const name = off.kind === 'percent' ? `${off.percent} %` : formatAmount(off.amountMinor, currency)
    const span =
      duration.kind === 'once'
        ? 'the next invoice'
        : duration.kind === 'forever'
          ? 'every invoice'
          : `the invoices of ${duration.months} months`
    return ok([
      `${name} off ${span} of the current subscription, next to the discounts that it has.`,
      'It ends with the subscription: after a change of plan it has to be applied again.',
    ])
  },
  async run(fields, { billing, accountId, currency, call }) {
    const terms = readCoupon(fields, currency)
    if (!terms.ok) return terms
    const { reason = '', request = '' } = fields
    return billing.adminApplyCoupon({ accountId, reason, idempotencyKey: request, ...terms.value }, call)
  },
}

type Off = { kind: 'percent'; percent: number } | { kind: 'amount'; amountMinor: string }
type Duration = { kind: 'once' } | { kind: 'forever' } | { kind: 'repeating'; months: number }

function readCoupon(
  { off: text = '', months = '' }: Fields,
  currency: string,
): Result<{ off: Off; duration: Duration }> {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,2})?) ?%$/.exec(text) ?? []
  const percent = Number(digits ?? 0)
  const amountMinor = digits === undefined ? parseAmount(text, currency) : null
  if (digits !== undefined ? percent <= 0 || percent > 100 : amountMinor === null)
    return invalid(`Write a percentage up to 100 % with its sign, or an amount. ${AMOUNT}`)
  const off: Off = amountMinor === null ? { kind: 'percent', percent } : { kind: 'amount', amountMinor }
  if (months === '') return ok({ off, duration: { kind: 'forever' } })
  if (months === 'once') return ok({ off, duration: { kind: 'once' } })
  const count = /^\d{1,2}$/.test(months) ? Number(months) : 0
  if (count < 1 || count > 36) return invalid('Write a number of months from 1 to 36, or “once”.')
  return ok({ off, duration: { kind: 'repeating', months: count } })
}

const removeCoupon: Action = {
  title: 'Remove a discount',
  button: 'Remove it',
  done: 'The discount is removed.',
  fields: ['discountId'],
  review: async () => ok(['The discount does not count from the next invoice on.']),
  run: ({ reason = '', discountId = '' }, { billing, accountId, call }) =>
    billing.adminRemoveCoupon({ accountId, discountId, reason }, call),
}

const refund: Action = {
  title: 'Give back money',
  button: 'Issue the credit note',
  done: 'The credit note is issued.',
  fields: ['invoiceId', 'amount'],
  async review({ invoiceId = '', amount = '' }, { billing, accountId, currency, call }) {
    const amountMinor = amount === '' ? undefined : parseAmount(amount, currency)
    if (amountMinor === null) return invalid(AMOUNT)
    const planned = await billing.adminPreviewRefund(
      { accountId, invoiceId, ...(amountMinor !== undefined && { amountMinor }) },
      call,
    )
    if (!planned.ok) return planned
    const { number, refundedMinor, toBalanceMinor, reducedMinor, maxMinor } = planned.value
    const part = (minor: string, sentence: (money: string) => string) =>
      minor === '0' ? [] : [sentence(formatAmount(minor, currency))]
    return ok([
      `A credit note over invoice ${number ?? invoiceId}; at most ${formatAmount(maxMinor, currency)} can be given back.`,
      ...part(refundedMinor, money => `${money} go back to the card that paid it.`),
      ...part(toBalanceMinor, money => `${money} go to the balance that pays the next invoices.`),
      ...part(reducedMinor, money => `${money} less are to be paid.`),
      'A credit note cannot be taken back.',
    ])
  },
  async run({ invoiceId = '', amount = '', reason = '', request = '' }, context) {
    const { billing, accountId, currency, call } = context
    const amountMinor = amount === '' ? undefined : parseAmount(amount, currency)
    if (amountMinor === null) return invalid(AMOUNT)
    const asked = amountMinor === undefined ? {} : { amountMinor }
    return billing.adminRefund({ accountId, invoiceId, reason, idempotencyKey: request, ...asked }, call)
  },
}

const suspend: Action = {
  title: 'Suspend the account',
  button: 'Suspend now',
  done: 'The account is suspended.',
  fields: [],
  review: async () =>
    ok([
      'All calls of the account are refused within two minutes, until the suspension is lifted.',
      'The customer gets a mail with your reason. The subscription goes on and is billed.',
    ]),
  run: ({ reason = '' }, { billing, accountId, call }) => billing.adminSuspend({ accountId, reason }, call),
}

const unsuspend: Action = {
  title: 'Lift the suspension',
  button: 'Lift it now',
  done: 'The suspension is lifted.',
  fields: [],
  review: async () =>
    ok([
      'Every suspension of the account is lifted, those of disputes included. Unpaid invoices still block it.',
      'A dispute that goes on does not suspend it again.',
    ]),
  run: ({ reason = '' }, { billing, accountId, call }) => billing.adminUnsuspend({ accountId, reason }, call),
}

/** By the last part of their path. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  ...{ credit, coupon, refund, suspend, unsuspend },
  'void-credit': voidCredit,
  'remove-coupon': removeCoupon,
}
