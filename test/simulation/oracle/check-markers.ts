import type { World } from '../world/world.ts'
import { demand } from './violation.ts'

const MARKERS = [
  ['billing', 'report-due'],
  ['billing', 'entitle-due'],
  ['billing', 'repair-due'],
  ['ledger', 'dirty'],
] as const

/** No work is left over, and no fact unpublished. */
export async function checkMarkers({ product }: World): Promise<void> {
  const { tables, clock, bus } = product
  for (const [table, pk] of MARKERS) {
    const left = await tables[table].quiet.query({ pk })
    demand(left.length === 0, () => `${pk} is still marked: ${left.map(({ sk }) => sk).join(', ')}`)
  }
  const now = new Date(clock.now()).toISOString()
  const closing = await tables.billing.quiet.query({ pk: 'closing', from: '0', to: now })
  demand(closing.length === 0, () => `not closed: ${closing.map(({ sk }) => sk).join(', ')}`)
  for (const table of ['billing', 'access'] as const) {
    const pending = await tables[table].quiet.query({ pk: 'pending', index: 'unpublished' })
    demand(
      pending.length === 0,
      () => `unpublished: ${pending.map(({ pk, sk }) => `${pk} ${sk}`).join(', ')}`,
    )
  }
  // One fact may be told twice; two facts never share a name.
  const told = new Map<string, string>()
  for (const { id, type, data, source } of bus.taken()) {
    if (source === 'tollgate.stripe') continue
    const text = JSON.stringify([type, data])
    demand((told.get(id) ?? text) === text, () => `two facts are called ${id}: ${text}, ${told.get(id)}`)
    told.set(id, text)
  }
}
