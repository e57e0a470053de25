import type { Child } from 'hono/jsx'
import type { KeyView } from '#api/contract'
import type { Usage } from '#billing/contract'
import { capitalize, formatCount, formatShare } from '../format/numbers.ts'
import { RANGES, type UsageQuery, usageLink } from './usage-query.ts'

type Props = {
  readonly usage: Usage
  readonly keys: readonly KeyView[]
  readonly query: UsageQuery
  readonly unit: string
}

/** Which usage is shown. Works without a script: it is a GET. */
export function UsageFilters({ usage, keys, query }: Omit<Props, 'unit'>) {
  const routes = new Set([...usage.byRoute.map(({ route }) => route), ...(query.route ? [query.route] : [])])
  return (
    <form method="get" action="/usage" class="row filters">
      <Choice label="Range" name="range" chosen={query.range} options={Object.entries(RANGES)} />
      <Choice
        label="Key"
        name="key"
        chosen={query.keyId ?? ''}
        options={[['', 'All'], ...keys.map(({ keyId, name }) => [keyId, name] as const)]}
      />
      <Choice
        label="Route"
        name="route"
        chosen={query.route ?? ''}
        options={[['', 'All'], ...[...routes].sort().map(route => [route, route] as const)]}
      />
      <input type="hidden" name="by" value={query.by} />
      <input type="hidden" name="show" value={query.show} />
      <button type="submit">Show</button>
      <a class="button quiet" href={usageLink(query, '/usage/export.csv')}>
        Download CSV
      </a>
    </form>
  )
}

function Choice({
  label,
  name,
  chosen,
  options,
}: {
  label: string
  name: string
  chosen: string
  options: readonly (readonly [string, string])[]
}) {
  return (
    <label>
      <span class="fine">{label}</span>
      <select name={name}>
        {options.map(([value, text]) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The same usage by key, by route and by what the clients saw. */
export function Breakdown({ usage, keys, query, unit }: Props) {
  const names = new Map(keys.map(({ keyId, name }) => [keyId, name]))
  const total = usage.hours.reduce((sum, { units }) => sum + units, 0)
  const units = `${capitalize(unit)}s`
  const tallies = ({ calls, failed, units }: Usage['byKey'][number] | Usage['byRoute'][number]) => [
    ...[formatCount(calls), formatCount(failed), formatCount(units), formatShare(units, total)],
  ]
  return (
    <>
      <Section
        title="By key"
        head={['Key', 'Calls', 'Failed', units, 'Share']}
        rows={usage.byKey.map(row => [
          <a href={usageLink({ ...query, keyId: row.keyId })}>{names.get(row.keyId) ?? row.keyId}</a>,
          ...tallies(row),
        ])}
      />
      <Section
        title="By route"
        head={['Route', 'Calls', 'Failed', units, 'Share']}
        rows={usage.byRoute.map(row => [
          <a class="mono" href={usageLink({ ...query, route: row.route })}>
            {row.route}
          </a>,
          ...tallies(row),
        ])}
      />
      {usage.byStatus && (
        <Section
          title="By status"
          head={['Status', 'Served', 'Refused', units]}
          rows={usage.byStatus.map(({ status, calls, refused, units }) => [
            String(status),
            ...[formatCount(calls), formatCount(refused), formatCount(units)],
          ])}
        />
      )}
    </>
  )
}

type SectionProps = {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Child[])[]
}

function Section({ title, head, rows }: SectionProps) {
  const id = `${title.toLowerCase().replaceAll(' ', '-')}-title`
  if (rows.length === 0) return null
  return (
    <section class="card flush" aria-labelledby={id}>
      <div class="head">
        <h2 id={id}>{title}</h2>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              {head.map((name, i) => (
                <th scope="col" class={i > 0 ? 'num' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([first, ...cells]) => (
              <tr>
                <th scope="row">{first}</th>
                {cells.map(cell => (
                  <td class="num">{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
