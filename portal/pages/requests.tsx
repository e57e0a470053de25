import * as z from 'zod/mini'
import type { KeyView } from '#api/contract'
import { type RequestView, requestSchema } from '#billing/contract'
import { Badge, Empty, Head } from '../components/parts.tsx'
import { formatCount } from '../format/numbers.ts'
import { formatExactly } from '../format/time.ts'
import type { AppContext } from '../http/app-env.ts'
import { asCustomer } from '../http/call.ts'
import { failedPage } from '../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'

type Outcome = RequestView['outcome']
type Filters = { readonly outcome?: Outcome; readonly keyId?: string; readonly id?: string }

/** What each outcome means for the bill, and how it looks. */
const OUTCOMES: Record<Outcome, { label: string; why: string; tone?: 'good' | 'warn' | 'bad' }> = {
  charged: { label: 'Charged', why: 'Served; its units count.', tone: 'good' },
  free: { label: 'Served', why: 'Served; nothing in it was to be charged.' },
  failed: { label: 'Failed', why: 'Answered with an error: never charged.', tone: 'warn' },
  voided: { label: 'Voided', why: 'Served, but our answer did not reach you: not charged.', tone: 'warn' },
  refused: { label: 'Refused', why: 'Stopped by a limit before it was served: never charged.', tone: 'bad' },
}

/** The last 30 days of an account's calls, refused ones included, each with what it cost and why. */
export const requestsPage: Pages = (app, ports) => {
  app.get('/usage/requests', async c => {
    const user = signedIn(c)
    const call = asCustomer(c, ports, user)
    const title = 'Requests'
    const filters = readFilters(c)
    const cursor = c.req.query('cursor')
    const input = { accountId: user.accountId, ...filters, ...(cursor ? { cursor } : {}) }
    const [log, keys] = await Promise.all([
      ports.billing.listRequests(input, call),
      ports.access.listKeys({ accountId: user.accountId }, call),
    ])
    if (!log.ok) return failedPage(c, title, log)
    if (!keys.ok) return failedPage(c, title, keys)
    const { requests, nextCursor, searchedTo } = log.value
    return page(
      c,
      { title },
      <div class="stack">
        <Head
          title={title}
          lede="Every call of the last 30 days, newest first: what it cost, and why where it cost nothing."
        >
          <a href="/usage">Usage</a>
        </Head>
        <FilterForm filters={filters} keys={keys.value.keys} />
        {requests.length === 0 ? (
          <NoRequests filtered={Object.keys(filters).length > 0} />
        ) : (
          <RequestTable requests={requests} keys={keys.value.keys} />
        )}
        {nextCursor !== null && (
          <p class="row">
            <a class="button" href={`/usage/requests?${query(filters, nextCursor)}`}>
              Older requests
            </a>
            <span class="fine">{`Searched back to ${formatExactly(searchedTo)} UTC.`}</span>
          </p>
        )}
      </div>,
    )
  })
}

function readFilters(c: AppContext): Filters {
  const outcome = z.safeParse(requestSchema.shape.outcome, c.req.query('outcome'))
  const [keyId, id] = [c.req.query('key'), c.req.query('id')?.trim()]
  return {
    ...(outcome.success ? { outcome: outcome.data } : {}),
    ...(keyId ? { keyId } : {}),
    ...(id ? { id } : {}),
  }
}

function query({ outcome, keyId, id }: Filters, cursor: string): string {
  const given = Object.entries({ outcome, key: keyId, id, cursor })
  return new URLSearchParams(given.flatMap(([name, value]) => (value ? [[name, value]] : []))).toString()
}

function FilterForm({ filters, keys }: { filters: Filters; keys: readonly KeyView[] }) {
  return (
    <form method="get" action="/usage/requests" class="row filters">
      <label>
        <span class="fine">Outcome</span>
        <select name="outcome">
          <option value="">All</option>
          {Object.entries(OUTCOMES).map(([value, { label }]) => (
            <option value={value} selected={filters.outcome === value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="fine">Key</span>
        <select name="key">
          <option value="">All</option>
          {keys.map(key => (
            <option value={key.keyId} selected={filters.keyId === key.keyId}>
              {key.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="fine">Request id</span>
        <input name="id" value={filters.id ?? ''} autocomplete="off" spellcheck={false} />
      </label>
      <button type="submit">Show</button>
    </form>
  )
}

function RequestTable({ requests, keys }: { requests: readonly RequestView[]; keys: readonly KeyView[] }) {
  const names = new Map(keys.map(({ keyId, name }) => [keyId, name]))
  return (
    <div class="card flush scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">Route</th>
            <th scope="col" class="num">
              Status
            </th>
            <th scope="col">Outcome</th>
            <th scope="col" class="num">
              Units
            </th>
            <th scope="col" class="num optional">
              Took
            </th>
            <th scope="col" class="optional">
              Key
            </th>
          </tr>
        </thead>
        <tbody>
          {requests.map(request => (
            <tr>
              <th scope="row" class="nowrap">
                {formatExactly(request.usedAt)}
                <div class="fine mono">{request.id}</div>
              </th>
              <td class="mono">{request.route}</td>
              <td class="num">{request.status}</td>
              <td>
                <Badge tone={OUTCOMES[request.outcome].tone}>{OUTCOMES[request.outcome].label}</Badge>
                {request.outcome !== 'charged' && (
                  <div class="fine optional">{OUTCOMES[request.outcome].why}</div>
                )}
              </td>
              <td class="num">{formatCount(request.units)}</td>
              <td class="num nowrap optional">
                {request.durationMs === null ? '–' : `${formatCount(request.durationMs)} ms`}
              </td>
              <td class="optional">
                {names.get(request.keyId) ?? <span class="mono">{request.keyId}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NoRequests({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty title="No request fits">
        <p>None of the requests that were searched fits these filters.</p>
        <a class="button" href="/usage/requests">
          Show all
        </a>
      </Empty>
    )
  return (
    <Empty title="No requests yet">
      <p>Each call appears here about a minute after it was made, refused ones too.</p>
      <a class="button primary" href="/keys">
        Get a key
      </a>
    </Empty>
  )
}
