import type { KeyView } from '#api/contract'
import type { Instant } from '#kernel/time'
import { Badge } from '../components/parts.tsx'
import { formatAgo, formatDate } from '../format/time.ts'

type KeyTableProps = {
  readonly keys: readonly KeyView[]
  readonly used: ReadonlyMap<string, Instant>
  readonly now: Instant
}

/** The keys of an account, each with its last use and the way to revoke it. */
export function KeyTable({ keys, used, now }: KeyTableProps) {
  return (
    <div class="card flush scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Name and key</th>
            <th scope="col" class="optional">
              Created
            </th>
            <th scope="col">Last used</th>
            <th scope="col" class="optional">
              Status
            </th>
            <th scope="col">
              <span class="hidden">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map(key => (
            <KeyRow view={key} lastUsedAt={latest(key.lastUsedAt, used.get(key.keyId))} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function KeyRow({ view, lastUsedAt, now }: { view: KeyView; lastUsedAt: Instant | null; now: Instant }) {
  const active = view.status === 'active'
  return (
    <tr>
      <th scope="row">
        {view.name}
        <div class="fine mono">{view.masked}</div>
      </th>
      <td class="nowrap optional">{formatDate(view.createdAt)}</td>
      <td class="nowrap">
        {lastUsedAt === null ? <span class="muted">never</span> : formatAgo(lastUsedAt, now)}
      </td>
      <td class="optional">
        <Badge tone={active ? 'good' : undefined}>{STATUS_NAMES[view.status]}</Badge>
      </td>
      <td class="num">
        {active ? (
          <span class="row">
            <a href={`/keys/${view.keyId}/cap`} aria-label={`Cap of ${view.name}`}>
              Cap
            </a>
            <a class="danger" href={`/keys/${view.keyId}/revoke`} aria-label={`Revoke ${view.name}`}>
              Revoke
            </a>
          </span>
        ) : (
          <span class="phone-only muted">{STATUS_NAMES[view.status]}</span>
        )}
      </td>
    </tr>
  )
}

const STATUS_NAMES = { active: 'Active', revoked: 'Revoked', expired: 'Expired' } as const

const latest = (a: Instant | null, b: Instant | undefined): Instant | null =>
  a === null ? (b ?? null) : b === undefined || a > b ? a : b
