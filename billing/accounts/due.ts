import * as z from 'zod/mini'
import { randomId } from '#kernel/ids'
import type { Table } from '#kernel/table'

/**
 * Due markers are how one job leaves work to another: `pk <kind>`, `sk <name>`, with a random token that every new
 * reason replaces. Whoever has done the work clears the marker only if the token is still the one that was read, so a
 * reason that comes up meanwhile is not lost.
 *
 * - `report-due`, by account: usage of a paying account changed; `report-usage` clears it.
 * - `entitle-due`, by account: access may not have the newest entitlement in force; `entitle` clears it.
 * - `repair-due`, by `<hour>#<account>`: an hour of an account with a hard limit changed; roll-up clears it two hours
 *   after that hour.
 * - `blocks-due`, by account: what its blocks follow from changed; `applyBlocks` clears it.
 */
export type DueKind = 'report-due' | 'entitle-due' | 'repair-due' | 'blocks-due'
export type DueMarker = { readonly name: string; readonly token: string }

export async function markDue(billing: Table, kind: DueKind, name: string): Promise<DueMarker> {
  const marker = { name, token: randomId('mark') }
  await billing.put({ pk: kind, sk: name, token: marker.token })
  return marker
}

/** In the order of their names, up to and including `to`. */
export async function listDue(billing: Table, kind: DueKind, to?: string): Promise<DueMarker[]> {
  const items = await billing.query({ pk: kind, ...(to !== undefined && { to }) })
  return items.map(item => {
    const { sk, token } = z.parse(markerSchema, item)
    return { name: sk, token }
  })
}

/** False when there is a newer reason: the marker stays. */
export const clearDue = (billing: Table, kind: DueKind, read: DueMarker): Promise<boolean> =>
  billing.remove({ pk: kind, sk: read.name }, [{ path: 'token', equals: read.token }])

const markerSchema = z.object({ sk: z.string(), token: z.string() })
