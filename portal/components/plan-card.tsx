import type { Child } from 'hono/jsx'
import type { PlanVersion } from '#billing/contract'
import { describePlan, formatFee } from '../format/prices.ts'
import { Badge } from './parts.tsx'

/** A plan with its price and what it gives. `action` stands at the bottom, so that the buttons of all cards are level. */
export function PlanCard({
  plan,
  current,
  note,
  action,
}: {
  plan: PlanVersion
  current?: boolean
  note?: string | undefined
  action?: Child
}) {
  return (
    <section class={`card plan${current ? ' current' : ''}`} aria-label={plan.name}>
      <div class="stack-s">
        <div class="row spread">
          <h2>{plan.name}</h2>
          {current && <Badge tone="accent">Your plan</Badge>}
        </div>
        <p class="muted">{plan.description}</p>
      </div>
      <p class="price">
        {formatFee(plan.flatFeeMinor, plan.currency)} <small>a month</small>
      </p>
      <ul>
        {describePlan(plan).map(line => (
          <li>{line}</li>
        ))}
      </ul>
      {note && <p class="fine">{note}</p>}
      {action}
    </section>
  )
}
