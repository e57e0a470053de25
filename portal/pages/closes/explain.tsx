import {
  type billingContract,
  type ExplainedLevel,
  type ExplainedLine,
  formatUnitPrice,
} from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import { Badge, Head } from '../../components/parts.tsx'
import { formatCount, formatUnits } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatDate, formatExactly, formatPeriodExactly } from '../../format/time.ts'
import { formatUnrounded } from './exact.ts'
import { ProofCard } from './proof-card.tsx'

type Answer = Awaited<ReturnType<Handlers<typeof billingContract>['explainInvoice']>>
export type Explained = Extract<Answer, { ok: true }>['value']

/** Where somebody is between the invoice and its requests. */
export type Place = {
  readonly line?: string | undefined
  readonly day?: string | undefined
  readonly key?: string | undefined
  readonly route?: string | undefined
}

type Props = { invoiceId: string; explained: Explained; place: Place; keyNames: ReadonlyMap<string, string> }

/** One level of an invoice: its lines, or what one of them is made of. Every table adds up to the number above it. */
export function ExplainView({ invoiceId, explained, place, keyNames }: Props) {
  const line = explained.lines.find(({ lineIndex }) => String(lineIndex) === place.line)
  return (
    <div class="stack">
      <Head
        title="Explain this invoice"
        lede={`${explained.planName}, ${formatPeriodExactly(explained.period)}`}
      />
      <Trail invoiceId={invoiceId} place={place} line={line} keyNames={keyNames} />
      {explained.level && line ? (
        <Level {...{ invoiceId, explained, place, keyNames }} level={explained.level} />
      ) : (
        <>
          <LinesTable invoiceId={invoiceId} explained={explained} />
          <ProofCard proof={explained.proof} unit={explained.unit}>
            {explained.lateUnits !== 0 && (
              <p class="fine">{lateSentence(explained.lateUnits, explained.unit)}</p>
            )}
          </ProofCard>
        </>
      )}
    </div>
  )
}

const lateSentence = (units: number, unit: string): string =>
  units > 0
    ? `${formatUnits(units, unit)} of this period were recorded after the invoice was closed: they are on a later one.`
    : `${formatUnits(-units, unit)} of this period turned out to have failed after the invoice was closed: they lower a later one.`

export const hrefOf = (invoiceId: string, place: Place, cursor?: string): string => {
  const given = Object.entries({ ...place, cursor }).flatMap(([name, value]) =>
    value ? [[name, value]] : [],
  )
  const query = new URLSearchParams(given).toString()
  return `/billing/${invoiceId}/explain${query && `?${query}`}`
}

function Trail({
  invoiceId,
  place,
  line,
  keyNames,
}: Omit<Props, 'explained'> & { line: ExplainedLine | undefined }) {
  const { day, key, route } = place
  const steps: readonly (readonly [string, string])[] = [
    ['Invoice', `/billing/${invoiceId}`],
    ['Lines', hrefOf(invoiceId, {})],
    ...(line ? ([[line.description, hrefOf(invoiceId, { line: place.line })]] as const) : []),
    ...(day ? ([[formatDate(Date.parse(day)), hrefOf(invoiceId, { line: place.line, day })]] as const) : []),
    ...(key
      ? ([[keyNames.get(key) ?? key, hrefOf(invoiceId, { line: place.line, day, key })]] as const)
      : []),
    ...(route ? ([[route, hrefOf(invoiceId, place)]] as const) : []),
  ]
  return (
    <nav class="row fine" aria-label="Where you are">
      {steps.map(([name, href], n) => (
        <span class="row">
          {n > 0 && <span aria-hidden="true">›</span>}
          {n === steps.length - 1 ? <strong aria-current="page">{name}</strong> : <a href={href}>{name}</a>}
        </span>
      ))}
    </nav>
  )
}

function LinesTable({ invoiceId, explained }: { invoiceId: string; explained: Explained }) {
  const { currency, unit, lines, totalMinor } = explained
  return (
    <section class="card flush" aria-label="Lines">
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col" class="num">
                Units
              </th>
              <th scope="col" class="optional">
                Price
              </th>
              <th scope="col" class="num">
                Exactly
              </th>
              <th scope="col" class="num">
                Rounded
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(line => (
              <tr>
                <th scope="row">
                  {line.units > 0 ? (
                    <a href={hrefOf(invoiceId, { line: String(line.lineIndex) })}>{line.description}</a>
                  ) : (
                    line.description
                  )}
                  {line.units > 0 && (
                    <div class="fine">{`number ${formatCount(line.fromUnits + 1)} to ${formatCount(line.toUnits)}`}</div>
                  )}
                </th>
                <td class="num">{line.kind === 'flat_fee' ? '–' : formatCount(line.units)}</td>
                <td class="optional">{priceOf(line, currency, unit)}</td>
                <td class="num nowrap">{formatUnrounded(line.unroundedMinor, currency)}</td>
                <td class="num">{formatAmount(line.amountMinor, currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colspan={3}>
                Our statement, before discounts, credit and tax
              </th>
              <td class="optional"></td>
              <td class="num">{formatAmount(totalMinor, currency)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

function priceOf(line: ExplainedLine, currency: string, unit: string): string {
  if (line.kind === 'flat_fee') return 'fee'
  if (line.perUnits !== null)
    return `${formatAmount(line.unitPriceMinor, currency)} per ${formatUnits(line.perUnits, unit)}, begun ones whole`
  return formatUnitPrice(line.unitPriceMinor, currency, unit)
}

const TITLES = { days: 'Day (UTC)', keys: 'Key', routes: 'Route', requests: 'Request' } as const

function Level({ invoiceId, explained, place, keyNames, level }: Props & { level: ExplainedLevel }) {
  const deeper = (name: string): Place =>
    level.of === 'days'
      ? { ...place, day: name }
      : level.of === 'keys'
        ? { ...place, key: name }
        : { ...place, route: name }
  const nameOf = (name: string) =>
    level.of === 'days' ? formatDate(Date.parse(name)) : (keyNames.get(name) ?? name)
  return (
    <section class="card flush" aria-label={TITLES[level.of]}>
      <div class="scroll" tabindex={0}>
        {level.of === 'requests' ? (
          <RequestsTable level={level} />
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">{TITLES[level.of]}</th>
                <th scope="col" class="num">
                  {`${explained.unit}s on this line`}
                </th>
              </tr>
            </thead>
            <tbody>
              {level.carriedInUnits > 0 && (
                <tr>
                  <th scope="row">
                    Carried in
                    <div class="fine">Recorded after an earlier invoice was closed.</div>
                  </th>
                  <td class="num">{formatCount(level.carriedInUnits)}</td>
                </tr>
              )}
              {level.rows.map(({ name, units }) => (
                <tr>
                  <th scope="row">
                    {name === 'voided' ? (
                      'Failed after all: taken off a later invoice'
                    ) : (
                      <a href={hrefOf(invoiceId, deeper(name))}>{nameOf(name)}</a>
                    )}
                  </th>
                  <td class="num">{formatCount(units)}</td>
                </tr>
              ))}
            </tbody>
            <Sum level={level} columns={1} />
          </table>
        )}
      </div>
      {level.nextCursor && (
        <p class="row pad">
          <a class="button" href={hrefOf(invoiceId, place, level.nextCursor)}>
            Next page
          </a>
        </p>
      )}
    </section>
  )
}

function Sum({ level, columns }: { level: ExplainedLevel; columns: number }) {
  return (
    <tfoot>
      <tr>
        <th scope="row" colspan={columns}>
          {level.nextCursor && level.of !== 'days' && level.of !== 'keys' ? 'Sum of this page' : 'Sum'}
        </th>
        <td class="num">{formatCount(level.units)}</td>
      </tr>
    </tfoot>
  )
}

function RequestsTable({ level }: { level: ExplainedLevel }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Time (UTC)</th>
          <th scope="col">Outcome</th>
          <th scope="col" class="num">
            Units
          </th>
          <th scope="col" class="num">
            On this line
          </th>
        </tr>
      </thead>
      <tbody>
        {level.requests.map(request => (
          <tr>
            <th scope="row" class="nowrap">
              {formatExactly(request.usedAt)}
              <div class="fine mono">{request.id}</div>
            </th>
            <td>
              <Badge tone="good">{`Charged, answered ${request.status}`}</Badge>
            </td>
            <td class="num">{formatCount(request.units)}</td>
            <td class="num">{formatCount(request.billedUnits)}</td>
          </tr>
        ))}
      </tbody>
      <Sum level={level} columns={3} />
    </table>
  )
}
