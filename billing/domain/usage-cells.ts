import { type LedgerRecords, listRequests, type Tally } from './fold.ts'

/**
 * What one key did on one route with one status: the finest sum that usage is shown by. Cells of the same name add up,
 * and the cells of all keys, routes and statuses are the fold.
 */
export type UsageCell = {
  readonly keyId: string
  readonly route: string
  /** What the client saw. */
  readonly status: number
  /** Served, failed ones included. */
  readonly calls: number
  /** Stopped at the door. */
  readonly refused: number
  readonly units: number
}

/** Cells of one account's records, each name once. */
export const cellsOf = (records: LedgerRecords): UsageCell[] =>
  addCells(
    listRequests(records).map(({ keyId, route, status, units, outcome }) => {
      const refused = outcome === 'refused' ? 1 : 0
      return { keyId, route, status, calls: 1 - refused, refused, units }
    }),
  )

/** Cells of one name become one. */
export function addCells(cells: readonly UsageCell[]): UsageCell[] {
  const sums = new Map<string, UsageCell>()
  for (const cell of cells) {
    const name = `${cell.status} ${cell.keyId} ${cell.route}`
    const sum = sums.get(name)
    const [calls, refused, units] = [cell.calls, cell.refused, cell.units]
    sums.set(
      name,
      sum
        ? { ...sum, calls: sum.calls + calls, refused: sum.refused + refused, units: sum.units + units }
        : cell,
    )
  }
  return [...sums.values()]
}

const FAILED_FROM = 400

/** Served calls of cells, the refused ones left out. */
export const tallyOfCells = (cells: readonly UsageCell[]): Tally =>
  cells.reduce(
    (sum, { calls, units, status }) => ({
      calls: sum.calls + calls,
      failed: sum.failed + (status >= FAILED_FROM ? calls : 0),
      units: sum.units + units,
    }),
    { calls: 0, failed: 0, units: 0 },
  )
