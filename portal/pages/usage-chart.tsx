import type { Instant, Period } from '#kernel/time'
import { type Bar, Chart } from '../components/chart.tsx'
import { capitalize, formatCount, formatUnits } from '../format/numbers.ts'
import { formatDate } from '../format/time.ts'
import type { AppContext } from '../http/app-env.ts'
import {
  type Bucket,
  chooseDay,
  type HourUsage,
  neighbour,
  sum,
  usageByDay,
  usageByHour,
} from './usage-view.ts'

/** What the visitor chose; lives in the query. */
export type Choice = { readonly by: 'day' | 'hour'; readonly show: 'units' | 'calls'; readonly day: string }

type ChartUsage = { readonly period: Period; readonly hours: readonly HourUsage[] }

export function chosen(c: AppContext, period: Period, now: Instant): Choice {
  const day = chooseDay(c.req.query('day'), period, now)
  return {
    by: c.req.query('by') === 'hour' ? 'hour' : 'day',
    show: c.req.query('show') === 'calls' ? 'calls' : 'units',
    day,
  }
}

const link = ({ by, show, day }: Choice): string =>
  `/usage?by=${by}&show=${show}${by === 'hour' ? `&day=${day}` : ''}`

/** The chart of a period's usage with the table behind it. */
export function ChartCard({
  usage,
  choice,
  unit,
  now,
}: {
  usage: ChartUsage
  choice: Choice
  unit: string
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
        <UsageTable buckets={buckets} choice={choice} unit={unit} />
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
          href={link({ ...choice, [member]: value })}
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
      {before && <a href={link({ ...choice, day: before })}>← Day before</a>}
      {after && <a href={link({ ...choice, day: after })}>Day after →</a>}
    </span>
  )
}

function barOf(bucket: Bucket, { show }: Choice, unit: string): Bar {
  const { label, name, calls, failed, units } = bucket
  if (show === 'units') return { label, description: `${name}: ${formatUnits(units, unit)}`, value: units }
  const description = `${name}: ${formatUnits(calls, 'call')}, ${formatCount(failed)} failed`
  return { label, description, value: calls, failed }
}

function UsageTable({ buckets, choice, unit }: { buckets: readonly Bucket[]; choice: Choice; unit: string }) {
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
          </tr>
        </thead>
        <tbody>
          {begun.map(bucket => (
            <tr>
              <th scope="row" class="nowrap">
                {choice.by === 'day' ? (
                  <a href={link({ ...choice, by: 'hour', day: bucket.key })}>{bucket.name}</a>
                ) : (
                  bucket.shortName
                )}
              </th>
              <td class="num">{formatCount(bucket.calls)}</td>
              <td class="num">{formatCount(bucket.failed)}</td>
              <td class="num">{formatCount(bucket.units)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total</th>
            <td class="num">{formatCount(total.calls)}</td>
            <td class="num">{formatCount(total.failed)}</td>
            <td class="num">{formatCount(total.units)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}
