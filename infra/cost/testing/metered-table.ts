import type { Item, Table, TableKey } from '#kernel/table'

/** What a run of code would be charged for in DynamoDB's on-demand mode. */
export type RequestUnits = { reads: number; writes: number }

/**
 * A table that counts the request units that DynamoDB would bill: a write 1 for each begun KB of the greater of the item
 * before and after, refused ones too; a consistent read 1 for each begun 4 KB, of a query all items together, and an
 * eventually consistent one half (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
 */
export function meterTable(table: Table): Table & { readonly units: RequestUnits } {
  const units = { reads: 0, writes: 0 }
  const read = (bytes: number, consistent = true) => {
    units.reads += Math.max(1, Math.ceil(bytes / 4_096)) / (consistent ? 1 : 2)
  }
  const written = async <T>(key: TableKey, write: () => Promise<T>): Promise<T> => {
    const before = await table.get(key)
    const result = await write()
    const after = await table.get(key)
    units.writes += Math.max(1, Math.ceil(Math.max(sizeOf(before), sizeOf(after)) / 1_024))
    return result
  }
  return {
    units,
    async get(key, options) {
      const item = await table.get(key, options)
      read(sizeOf(item), options?.consistent)
      return item
    },
    put: (item, conditions) => written(item, () => table.put(item, conditions)),
    update: (key, changes, conditions) => written(key, () => table.update(key, changes, conditions)),
    remove: (key, conditions) => written(key, () => table.remove(key, conditions)),
    async query(query) {
      const items = await table.query(query)
      read(
        items.reduce((sum, item) => sum + sizeOf(item), 0),
        query.consistent,
      )
      return items
    },
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const sizeOf = (item: Item | undefined): number =>
  item ? Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOfValue(value), 0) : 0

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return 1 + Math.ceil(String(value).length / 2)
  if (value instanceof Uint8Array) return value.length
  if (Array.isArray(value)) return 3 + value.reduce((sum, member) => sum + 1 + sizeOfValue(member), 0)
  if (value !== null && typeof value === 'object')
    return (
      3 +
      Object.entries(value).reduce((sum, [name, member]) => sum + 1 + name.length + sizeOfValue(member), 0)
    )
  return 1
}
