import type { Child } from 'hono/jsx'
import type { CreditGrant, Discount } from '#billing/contract'
import type { Tone } from '../../components/form.tsx'
import { Badge } from '../../components/parts.tsx'
import { formatAmount } from '../../format/prices.ts'
import { formatDate } from '../../format/time.ts'

const STATES: Readonly<Record<CreditGrant['status'], readonly [string, Tone | undefined]>> = {
  active: ['In force', 'good'],
  used: ['Used up', undefined],
  expired: ['Over', undefined],
  void: ['Taken back', undefined],
}

/** Credit grants with what is left of each. `action`: what can be done about one. */
export function CreditTable({
  credits,
  currency,
  action,
}: {
  credits: readonly CreditGrant[]
  currency: string
  action?: (credit: CreditGrant) => Child
}) {
  return (
    <div class="scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" class="num">
              Granted
            </th>
            <th scope="col" class="num">
              Left
            </th>
            <th scope="col">State</th>
            {action && (
              <th scope="col">
                <span class="hidden">Action</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {credits.map(credit => (
            <tr>
              <th scope="row">
                {credit.reason}
                <div class="fine">
                  {formatDate(credit.grantedAt)}
                  {credit.expiresAt !== null && `, until ${formatDate(credit.expiresAt)}`}
                </div>
              </th>
              <td class="num">{formatAmount(credit.amountMinor, currency)}</td>
              <td class="num">{formatAmount(credit.remainingMinor, currency)}</td>
              <td>
                <Badge tone={STATES[credit.status][1]}>{STATES[credit.status][0]}</Badge>
              </td>
              {action && <td class="num">{credit.status === 'active' && action(credit)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** `20 % off for 3 months, until 1 Mar 2027`. */
export function describeDiscount({ name, duration, months, endsAt }: Discount): string {
  if (duration === 'once') return `${name}, on one invoice`
  if (duration === 'forever') return `${name}, on every invoice`
  return `${name}, for ${months ?? 0} months${endsAt === null ? '' : `, until ${formatDate(endsAt)}`}`
}

/** What a customer has in credit and discounts; nothing when there is none. */
export function Benefits({
  creditMinor,
  currency,
  credits,
  discounts,
}: {
  creditMinor: string
  currency: string
  credits: readonly CreditGrant[]
  discounts: readonly Discount[]
}) {
  if (credits.length === 0 && discounts.length === 0) return null
  return (
    <section class="card flush" aria-labelledby="credit-title">
      <div class="head">
        <h2 id="credit-title">Credit and discounts</h2>
        <span class="fine">{formatAmount(creditMinor, currency)} of credit left</span>
      </div>
      {discounts.map(discount => (
        <p class="card-body">{describeDiscount(discount)}</p>
      ))}
      {credits.length > 0 && <CreditTable credits={credits} currency={currency} />}
      {credits.length > 0 && (
        <p class="card-body fine">
          Credit pays usage charges of your next invoices, not the monthly fee. A spend cap counts charges
          before credit.
        </p>
      )}
    </section>
  )
}
