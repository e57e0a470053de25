import type { PlanVersion } from '#billing/contract'
import { Badge } from '../components/parts.tsx'
import { cheapest, type Estimate, estimateBill } from '../format/estimate-bill.ts'
import { capitalize, formatCount, formatUnits } from '../format/numbers.ts'
import { describeCharge, formatAmount, formatFee } from '../format/prices.ts'

/** What the form starts with: more than Starter includes, so that a usage charge is seen. */
const DEFAULT_UNITS = 25_000
/** Ten times what the slider reaches. Beyond, people should talk to the owner. */
const UNITS_MAX = 100_000_000
const EXAMPLES = [1_000, 25_000, 250_000, 1_000_000] as const

/** The asked number, or undefined when it is none that the page answers. Groups may be written: `25,000`. */
export function parseUnits(asked: string | undefined): number | undefined {
  if (asked === undefined) return DEFAULT_UNITS
  const digits = asked.replaceAll(/[\s,_']/g, '')
  return /^\d{1,9}$/.test(digits) && Number(digits) <= UNITS_MAX ? Number(digits) : undefined
}

/** `Checks a month` -> the bill on every plan, the cheapest marked. A plain GET form; the script adds the slider. */
export function EstimateForm({ plans, asked }: { plans: readonly PlanVersion[]; asked: string | undefined }) {
  const unit = plans[0]?.unit ?? 'unit'
  const units = parseUnits(asked)
  return (
    <section class="card flush" aria-labelledby="estimate-title" id="estimate">
      <form method="get" action="/#estimate" class="estimate" data-estimate>
        <div>
          <h2 id="estimate-title">What would you pay?</h2>
          <p class="fine">{`One call is one ${unit}; a batch counts every ${unit} in it that worked.`}</p>
        </div>
        <div class="inline-form">
          <div class="field">
            <label for="calls">{`${capitalize(unit)}s a month`}</label>
            <input
              id="calls"
              name="calls"
              type="text"
              inputmode="numeric"
              autocomplete="off"
              value={units === undefined ? asked : formatCount(units)}
              aria-invalid={units === undefined ? 'true' : undefined}
              aria-describedby={units === undefined ? 'calls-error' : undefined}
            />
          </div>
          <button type="submit">Show bills</button>
        </div>
        <input
          type="range"
          class="range"
          min="0"
          max="100"
          data-range
          aria-label={`${capitalize(unit)}s a month, as a slider`}
        />
        <p class="row fine">
          Examples:
          {EXAMPLES.map(example => (
            <a href={`/?calls=${example}#estimate`}>{formatCount(example)}</a>
          ))}
        </p>
      </form>
      <div data-bills aria-live="polite">
        {units === undefined ? (
          <p class="error estimate" id="calls-error">
            {`Enter a whole number of ${unit}s, at most ${formatCount(UNITS_MAX)}.`}
          </p>
        ) : (
          <Bills plans={plans} units={units} unit={unit} />
        )}
      </div>
    </section>
  )
}

function Bills({ plans, units, unit }: { plans: readonly PlanVersion[]; units: number; unit: string }) {
  const best = cheapest(plans, units)
  return (
    <table>
      <caption class="hidden">{`Bill for ${formatUnits(units, unit)} a month`}</caption>
      <thead>
        <tr>
          <th scope="col">Plan</th>
          <th scope="col" class="optional">
            How
          </th>
          <th scope="col" class="num">
            A month
          </th>
        </tr>
      </thead>
      <tbody>
        {plans.map(plan => {
          const estimate = estimateBill(plan, units)
          return (
            <tr>
              <th scope="row">
                <span class="row">
                  {plan.name}
                  {plan === best && <Badge tone="good">Cheapest</Badge>}
                </span>
                <span class="fine phone-only">{howOf(plan, estimate)}</span>
              </th>
              <td class="muted optional">{howOf(plan, estimate)}</td>
              <td class="num">
                {estimate ? (
                  <strong>{formatAmount(String(estimate.totalMinor), plan.currency)}</strong>
                ) : (
                  <span class="muted">not enough</span>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function howOf(plan: PlanVersion, estimate: Estimate | null): string {
  if (!estimate) return `calls stop at ${formatUnits(plan.hardLimitUnits ?? 0, plan.unit)}`
  const fee = plan.flatFeeMinor === '0' ? 'no fee' : `${formatFee(plan.flatFeeMinor, plan.currency)} fee`
  if (estimate.charged.length === 0) return `${fee}, all included`
  const usage = estimate.charged.map(line => describeCharge(plan, line))
  return [fee, ...usage].join(' + ')
}
