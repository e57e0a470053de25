import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Condition, Item, Query, Table, TableKey } from '#kernel/table'
import type { Hour } from '#kernel/time'

/**
 * The ledger as a file: what DynamoDB is in production, so that the memory of a process is that of its work and not of
 * what is stored. As much of `Table` as the ledger uses. One hour's dirty markers are seen at a time, as when roll-up
 * runs on time; without an hour there are none.
 */
export type SqliteLedger = Table & {
  hour: Hour | undefined
  /** Time spent in here. */
  readonly busyMs: () => number
  readonly count: () => { readonly items: number; readonly bodyBytes: number }
  readonly close: () => void
}

type Row = { readonly sk: string; readonly json: string; readonly body: Uint8Array | null }

export function openSqliteLedger(path: string): SqliteLedger {
  const db = new DatabaseSync(path)
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
    CREATE TABLE IF NOT EXISTS item (pk TEXT, sk TEXT, json TEXT, body BLOB, PRIMARY KEY (pk, sk)) WITHOUT ROWID;
    BEGIN`)
  const insert = db.prepare('INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?)')
  const replace = db.prepare('INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?)')
  const erase = db.prepare('DELETE FROM item WHERE pk = ? AND sk = ?')
  const select = db.prepare(
    'SELECT sk, json, body FROM item WHERE pk = ? AND sk BETWEEN ? AND ? ORDER BY sk LIMIT ?',
  )
  let busyMs = 0
  const timed = <T>(work: () => T): T => {
    const startedAt = performance.now()
    try {
      return work()
    } finally {
      busyMs += performance.now() - startedAt
    }
  }
  const read = (pk: string, query: Query): Item[] => {
    const from = query.prefix ?? query.from ?? ''
    const to = query.prefix === undefined ? (query.to ?? LAST) : query.prefix + LAST
    return select.all(pk, from, to, query.limit ?? -1).map(row => toItem(query.pk, parseRow(row)))
  }
  const find = (key: TableKey) => read(partition(key), { pk: key.pk, from: key.sk, to: key.sk })[0]
  const unused = async (): Promise<never> => {
    throw new Error('the ledger does not do this')
  }

  const ledger: SqliteLedger = {
    hour: undefined,
    get: async key => timed(() => find(key)),
    put: async (item, conditions = []) =>
      timed(() => {
        const { pk: _, sk, body = null, ...rest } = item
        const row = [partition(item), sk, JSON.stringify(rest), bytesOf(body)] as const
        if (isNewOnly(conditions)) return insert.run(...row).changes === 1
        if (!hold(conditions, conditions.length > 0 ? find(item) : undefined)) return false
        return replace.run(...row).changes === 1
      }),
    update: unused,
    remove: async (key, conditions = []) =>
      timed(() => hold(conditions, find(key)) && erase.run(partition(key), key.sk).changes === 1),
    query: async query =>
      timed(() => {
        if (query.pk !== DIRTY) return read(query.pk, query)
        return ledger.hour === undefined ? [] : read(`${DIRTY}#${ledger.hour}`, query)
      }),
    busyMs: () => busyMs,
    count() {
      const row = db.prepare('SELECT count(*) AS items, sum(length(body)) AS bytes FROM item').get()
      return { items: Number(row?.items), bodyBytes: Number(row?.bytes) }
    },
    close() {
      db.exec('COMMIT')
      db.close()
    },
  }
  return ledger
}

const DIRTY = 'dirty'
const LAST = '\u{10ffff}'

/** Markers lie by their hour. */
const partition = ({ pk, sk }: TableKey): string => (pk === DIRTY ? `${DIRTY}#${sk.split('#')[1]}` : pk)

const isNewOnly = (conditions: readonly Condition[]): boolean =>
  conditions.length === 1 && conditions[0] !== undefined && 'absent' in conditions[0]

const hold = (conditions: readonly Condition[], item: Item | undefined): boolean =>
  conditions.every(condition => {
    if (!('path' in condition) || typeof condition.path !== 'string')
      throw new Error(`not a condition of the ledger: ${JSON.stringify(condition)}`)
    const value = item?.[condition.path]
    if ('equals' in condition) return value === condition.equals
    if ('lessThan' in condition) return typeof value === 'number' && value < Number(condition.lessThan)
    throw new Error(`not a condition of the ledger: ${JSON.stringify(condition)}`)
  })

function bytesOf(body: unknown): Uint8Array | null {
  if (body === null || body instanceof Uint8Array) return body
  throw new TypeError('a body is bytes')
}

const parseRow = ({ sk, json, body }: Record<string, SQLOutputValue>): Row => ({
  sk: String(sk),
  json: String(json),
  body: body instanceof Uint8Array ? body : null,
})

const toItem = (pk: string, { sk, json, body }: Row): Item => ({
  ...JSON.parse(json),
  ...{ pk, sk },
  ...(body && { body }),
})
