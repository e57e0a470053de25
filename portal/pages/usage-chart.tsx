import type { Usage } from '#billing/contract'
import type { Instant, Period } from '#kernel/time'
import { type Bar, Chart } from '../components/chart.tsx'
import { capitalize, formatCount, formatUnits } from '../format/numbers.ts'
import { formatAmount } from '../format/prices.ts'
import { formatDate } from '../format/time.ts'
import { type UsageQuery, usageLink } from './usage-query.ts'
import { type Bucket, chooseDay, neighbour, sum, usageByDay, usageByHour } from './usage-view.ts'

/** What the visitor chose, with the day of the hours. */
type Choice = UsageQuery & { readonly day: string }

export const chosen = (query: UsageQuery, period: Period, now: Instant): Choice => ({
  ...query,
  day: chooseDay(query.day, period, now),
})

/** The chart of a period's usage with the table behind it. */
export function ChartCard({
  usage,
  choice,
  unit,
  currency,
  now,
}: {
  usage: Pick<Usage, 'period' | 'hours' | 'days'>
  choice: Choice
  unit: string
  currency: string
  now: Instant
}) {
  const buckets =
    choice.by === 'day' ? usageByDay(usage.hours, usage.period) : usageByHour(usage.hours, choice.day)
  const what = choice.show === 'units' ? `${unit}s` : 'calls'
  const heading =
    choice.by === 'day'
      ? `${what} per day, UTC`
      : `${what} per hour on ${formatDate(Date.parse(`${choice.day}T00:00:00Z`))}, UTC`
  const name = capitalize(heading)
  return (
    <section class="card flush" aria-labelledby="chart-title">
      <div class="head">
        <h2 id="chart-title">{name}</h2>
        <div class="row">
          <Switch
            label="Show"
            choice={choice}
            member="show"
            options={[
              ['units', `${capitalize(unit)}s`],
              ['calls', 'Calls'],
            ]}
          />
          <Switch
            label="By"
            choice={choice}
            member="by"
            options={[
              ['day', 'Day'],
              ['hour', 'Hour'],
            ]}
          />
        </div>
      </div>
      <div class="chart-body stack-s">
        <Chart
          name={`${name}. The numbers are in the table below.`}
          bars={buckets.map(bucket => barOf(bucket, choice, unit))}
        />
        <div class="row spread">
          {choice.show === 'calls' ? (
            <div class="legend">
              <span>
                <i></i>Worked
              </span>
              <span>
                <i class="failed"></i>Failed, not charged
              </span>
            </div>
          ) : (
            <div class="legend">
              <span>
                <i></i>
                {`${capitalize(unit)}s charged`}
              </span>
            </div>
          )}
          {choice.by === 'hour' && <DayLinks choice={choice} period={usage.period} now={now} />}
        </div>
      </div>
      <details open={choice.by === 'hour'}>
        <summary>The same as a table</summary>
        <UsageTable buckets={buckets} choice={choice} unit={unit} costOf={costsByDay(usage, currency)} />
      </details>
    </section>
  )
}

function Switch<M extends 'show' | 'by'>({
  label,
  choice,
  member,
  options,
}: {
  label: string
  choice: Choice
  member: M
  options: readonly (readonly [Choice[M], string])[]
}) {
  return (
    <nav class="segmented" aria-label={label}>
      {options.map(([value, text]) => (
        <a
          href={usageLink({ ...choice, [member]: value })}
          aria-current={choice[member] === value ? 'true' : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  )
}

function DayLinks({ choice, period, now }: { choice: Choice; period: Period; now: Instant }) {
  const [before, after] = [neighbour(choice.day, -1, period, now), neighbour(choice.day, 1, period, now)]
  return (
    <span class="row fine">
      {before && <a href={usageLink({ ...choice, day: before })}>← Day before</a>}
      {after && <a href={usageLink({ ...choice, day: after })}>Day after →</a>}
    </span>
  )
}

function barOf(bucket: Bucket, { show }: Choice, unit: string): Bar {
  const { label, name, calls, failed, units } = bucket
  if (show === 'units') return { label, description: `${name}: ${formatUnits(units, unit)}`, value: units }
  const description = `${name}: ${formatUnits(calls, 'call')}, ${formatCount(failed)} failed`
  return { label, description, value: calls, failed }
}

/** What a day added to the metered charges; undefined where it is not known. */
type CostOf = (day: string) => string | undefined

function costsByDay({ days }: Pick<Usage, 'days'>, currency: string): CostOf | undefined {
  const costs = new Map(days.flatMap(({ day, costMinor }) => (costMinor === null ? [] : [[day, costMinor]])))
  if (costs.size === 0) return undefined
  return day => {
    const minor = costs.get(day)
    return minor === undefined ? undefined : formatAmount(minor, currency)
  }
}

function UsageTable({
  buckets,
  choice,
  unit,
  costOf,
}: {
  buckets: readonly Bucket[]
  choice: Choice
  unit: string
  costOf: CostOf | undefined
}) {
  const hasCosts = costOf !== undefined && choice.by === 'day'
  const begun = buckets.filter(bucket => bucket.calls > 0)
  const total = sum(begun)
  return (
    <section class="scroll" tabindex={0} aria-label="Usage as a table">
      <table>
        <thead>
          <tr>
            <th scope="col">{choice.by === 'day' ? 'Day (UTC)' : 'Hour (UTC)'}</th>
            <th scope="col" class="num">
              Calls
            </th>
            <th scope="col" class="num">
              Failed
            </th>
            <th scope="col" class="num">{`${capitalize(unit)}s`}</th>
            {hasCosts && (
              <th scope="col" class="num">
                Cost
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {begun.map(bucket => (
            <tr>
              <th scope="row" class="nowrap">
                {choice.by === 'day' ? (
                  <a href={usageLink({ ...choice, by: 'hour', day: bucket.key })}>{bucket.name}</a>
                ) : (
                  bucket.shortName
                )}
              </th>
              <td class="num">{formatCount(bucket.calls)}</td>
              <td class="num">{formatCount(bucket.failed)}</td>
              <td class="num">{formatCount(bucket.units)}</td>
              {hasCosts && <td class="num">{costOf(bucket.key) ?? '–'}</td>}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td class="num">{formatCount(total.calls)}</td>
            <td class="num">{formatCount(total.failed)}</td>
            <td class="num">{formatCount(total.units)}</td>
            {hasCosts && <td></td>}
          </tr>
        </tfoot>
      </table>
    </section>
  )
}
