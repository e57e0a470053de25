import { isPlainMap } from './dynamo-attributes.ts'
import type { Change, Condition, Item, Path, Query, Table, TableKey } from './table.ts'

/**
 * A table in memory with the semantics of `dynamo-table.ts`: the contract suite runs against both. Each operation
 * takes effect at once and whole; items are copied on the way in and out. Sort keys are compared as ASCII.
 */
export function createMemoryTable(): Table {
  const partitions = new Map<string, Map<string, Item>>()
  const find = ({ pk, sk }: TableKey) => partitions.get(pk)?.get(sk)
  const store = (item: Item) => {
    const partition = partitions.get(item.pk) ?? new Map<string, Item>()
    partitions.set(item.pk, partition.set(item.sk, item))
  }
  return {
    async get(key) {
      const item = find(key)
      return item && copyOf(item)
    },

    async put(item, conditions = []) {
      const copy = copyOf(item)
      if (!holdAll(conditions, find(item))) return false
      store(copy)
      return true
    },

    async update(key, changes, conditions = []) {
      refuseOverlaps(changes)
      const before = find(key)
      if (!holdAll(conditions, before)) return undefined
      const after = copyOf(before ?? { pk: key.pk, sk: key.sk })
      for (const change of changes) apply(change, after, before)
      store(after)
      return copyOf(after)
    },

    async remove(key, conditions = []) {
      if (!holdAll(conditions, find(key))) return false
      partitions.get(key.pk)?.delete(key.sk)
      return true
    },

    async query(query) {
      const sortKey = query.index ? 'outboxAt' : 'sk'
      const candidates = query.index
        ? [...partitions.values()].flatMap(partition => [...partition.values()])
        : [...(partitions.get(query.pk)?.values() ?? [])]
      const found = candidates
        .filter(item => !query.index || (item.outbox === query.pk && typeof item.outboxAt === 'string'))
        .filter(item => inRange(String(item[sortKey]), query))
        .sort((a, b) => (String(a[sortKey]) < String(b[sortKey]) ? -1 : 1))
      if (query.descending) found.reverse()
      return found.slice(0, query.limit).map(copyOf)
    },
  }
}

const inRange = (sortKey: string, { prefix, from, to }: Query): boolean =>
  prefix !== undefined
    ? sortKey.startsWith(prefix)
    : (from === undefined || sortKey >= from) && (to === undefined || sortKey <= to)

const holdAll = (conditions: readonly Condition[], item: Item | undefined): boolean =>
  conditions.every(condition => holds(condition, item))

function holds(condition: Condition, item: Item | undefined): boolean {
  if ('absent' in condition) return read(item, condition.absent) === undefined
  if ('present' in condition) return read(item, condition.present) !== undefined
  const value = read(item, condition.path)
  if ('equals' in condition) return value === condition.equals
  if ('notEquals' in condition) return value !== condition.notEquals
  const bound = 'lessThan' in condition ? condition.lessThan : condition.atLeast
  // DynamoDB compares values of one type only; anything else is false.
  if (typeof value === 'number' && typeof bound === 'number')
    return 'lessThan' in condition ? value < bound : value >= bound
  if (typeof value === 'string' && typeof bound === 'string')
    return 'lessThan' in condition ? value < bound : value >= bound
  return false
}

/** As in DynamoDB, every operand is read from the item as it was before the update. */
function apply(change: Change, item: Item, before: Item | undefined): void {
  if ('remove' in change) {
    const steps = stepsOf(change.remove)
    delete parentOf(item, steps)[steps.at(-1) ?? '']
    return
  }
  const path = 'set' in change ? change.set : 'setIfAbsent' in change ? change.setIfAbsent : change.add
  const steps = stepsOf(path)
  parentOf(item, steps)[steps.at(-1) ?? ''] = copyOf(newValue(change, read(before, path)))
}

function newValue(change: Exclude<Change, { remove: Path }>, old: unknown): unknown {
  if ('set' in change) return change.to
  if ('setIfAbsent' in change) return old === undefined ? change.to : old
  if (old !== undefined && typeof old !== 'number')
    throw new Error('An operand in the update expression has an incorrect data type')
  return (old ?? 0) + change.by
}

const stepsOf = (path: Path): readonly string[] => (typeof path === 'string' ? [path] : path)

function read(item: Item | undefined, path: Path): unknown {
  let value: unknown = item
  for (const step of stepsOf(path)) {
    if (!isPlainMap(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

function parentOf(item: Item, steps: readonly string[]): Record<string, unknown> {
  const parent = steps.length === 1 ? item : read(item, steps.slice(0, -1))
  if (!isPlainMap(parent)) throw new Error('The document path provided in the update expression is invalid')
  return parent
}

/** DynamoDB refuses an update that names a path twice, or a path and something below it. */
function refuseOverlaps(changes: readonly Change[]): void {
  const paths = changes.map(change =>
    stepsOf(
      'set' in change
        ? change.set
        : 'add' in change
          ? change.add
          : 'remove' in change
            ? change.remove
            : change.setIfAbsent,
    ),
  )
  for (const [i, a] of paths.entries())
    for (const b of paths.slice(i + 1))
      if (a.slice(0, b.length).every((step, n) => step === b[n]))
        throw new Error(`Two document paths overlap with each other: ${a.join('.')}, ${b.join('.')}`)
}

/** A deep copy of what DynamoDB can store. Throws on anything else, as its marshalling does. */
function copyOf<T>(value: T): T
function copyOf(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.filter(member => member !== undefined).map(copyOf)
  if (isPlainMap(value)) {
    const copy: Record<string, unknown> = {}
    for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = copyOf(member)
    return copy
  }
  throw new TypeError(`A table cannot store a ${typeof value}`)
}
