import { isFree, type SubscriptionView } from '#billing/contract'
import { formatAmount } from '../format/prices.ts'
import { formatDay } from '../format/time.ts'
import { Tile } from './parts.tsx'

/** What the period costs so far, and what it will probably cost. */
export function CostTile({ subscription }: { subscription: SubscriptionView }) {
  const { plan, currency, forecast, segment } = subscription
  const amount = (minor: string) => formatAmount(minor, currency)
  return (
    <Tile name="Cost so far" figure={amount(subscription.costSoFarMinor)}>
      {isFree(plan) ? (
        <p class="fine">Free has no bill</p>
      ) : forecast === null ? (
        <p class="fine">A forecast follows after the first whole day</p>
      ) : forecast.lowMinor === forecast.highMinor ? (
        <p class="fine">{`Probably ${amount(forecast.costMinor)} by ${formatDay(segment.end)}`}</p>
      ) : (
        <p class="fine">
          {`Probably ${amount(forecast.costMinor)} by ${formatDay(segment.end)}, `}
          <span class="nowrap">{`${amount(forecast.lowMinor)} to ${amount(forecast.highMinor)}`}</span>
        </p>
      )}
    </Tile>
  )
}
