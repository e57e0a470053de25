import type { Reconciliation } from '#billing/contract'
import { Badge, Head, Tile } from '../../components/parts.tsx'
import { formatCount } from '../../format/numbers.ts'
import { formatDate, formatExactly } from '../../format/time.ts'
import { STATES } from './reconciliation.tsx'

/** One day with everything that deviates. */
export function DayDetail({ day }: { day: Reconciliation }) {
  const [label, tone] = STATES[day.state]
  return (
    <div class="stack">
      <Head
        title={`Reconciliation of ${formatDate(Date.parse(day.day))}`}
        lede={`Read ${day.runs === 1 ? 'once' : `${formatCount(day.runs)} times, last`} on ${formatExactly(day.checkedAt)} UTC.`}
      >
        <Badge tone={tone}>{label}</Badge>
      </Head>
      <dl class="tiles">
        <Tile name="Served calls in the access log" figure={formatCount(day.served)}>
          <p class="fine">{`${formatCount(day.missing)} not in the ledger`}</p>
        </Tile>
        <Tile name="Failed calls in the access log" figure={formatCount(day.failed)}>
          <p class="fine">{`${formatCount(day.voided)} charged, now voided`}</p>
        </Tile>
        {day.gateway && (
          <Tile name="API Gateway counted" figure={formatCount(day.gateway.countedCalls)}>
            <p class="fine">
              {`${formatCount(day.gateway.loggedCalls)} in the access log: ${day.gateway.isWithinTolerance ? 'within' : 'outside'} the tolerance`}
            </p>
          </Tile>
        )}
        {day.stripe && (
          <Tile name="Segments compared with Stripe" figure={formatCount(day.stripe.segments)}>
            <p class="fine">{`${formatCount(day.stripe.differences.length)} differ`}</p>
          </Tile>
        )}
      </dl>
      {day.deviations.length > 0 && <Deviations day={day} />}
      {day.stripe && day.stripe.differences.length > 0 && <Differences rows={day.stripe.differences} />}
      <p>
        <a class="button" href="/admin/reconciliation">
          All days
        </a>
      </p>
    </div>
  )
}

function Deviations({ day }: { day: Reconciliation }) {
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Requests that deviate">
      <table>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Account</th>
            <th scope="col" class="num">
              Status
            </th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {day.deviations.map(({ id, accountId, usedAt, status, kind }) => (
            <tr>
              <th scope="row" class="nowrap">
                {formatExactly(usedAt)}
                <div class="fine mono">{id}</div>
              </th>
              <td>
                <a class="mono fine" href={`/admin/accounts/${accountId}`}>
                  {accountId}
                </a>
              </td>
              <td class="num">{status}</td>
              <td>{kind === 'missing' ? 'Missing, replayed' : 'Charged but failed, voided'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

type Difference = NonNullable<Reconciliation['stripe']>['differences'][number]

function Differences({ rows }: { rows: readonly Difference[] }) {
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Segments that differ from Stripe">
      <table>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Segment from</th>
            <th scope="col" class="num">
              Reported
            </th>
            <th scope="col" class="num">
              Stripe has
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ accountId, segmentStart, deliveredUnits, stripeUnits }) => (
            <tr>
              <th scope="row">
                <a class="mono fine" href={`/admin/accounts/${accountId}`}>
                  {accountId}
                </a>
              </th>
              <td class="nowrap">{formatExactly(segmentStart)}</td>
              <td class="num">{formatCount(deliveredUnits)}</td>
              <td class="num">{formatCount(stripeUnits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
