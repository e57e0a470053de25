import { DynamoError } from '#kernel/dynamo-request'
import { createMemoryTable } from '#kernel/memory-table'
import type { Item, Table, TableKey } from '#kernel/table'
import type { Effects } from './effects.ts'
import { FAULT_KINDS, type FaultKind } from './faults.ts'
import type { Reads } from './reads.ts'

const READ: readonly FaultKind[] = ['fail', 'slow_before', 'slow_after']
/** An update that adds is not repeated by the client: it would count twice. */
const ADDING = FAULT_KINDS.filter(kind => kind !== 'twice')

/** A memory table behind effect boundaries, failing as `dynamo-table.ts` does after its own attempts. */
export function createTableWithFaults(name: string, effects: Effects, reads: Reads) {
  const table = createMemoryTable()
  const partitions = new Set<string>()
  const failures = (operation: string) => ({
    fail(variant: (count: number) => number): never {
      const code = variant(2) === 0 ? 'ThrottlingException' : 'InternalServerError'
      throw new DynamoError(operation, code, 'simulated', code !== 'ThrottlingException')
    },
    lose(): never {
      throw new DynamoError(operation, 'NetworkError', 'simulated', true)
    },
  })
  const UNPUBLISHED = `${name}/unpublished`
  const read = <T>(operation: string, what: string, pk: string, run: () => Promise<T>): Promise<T> => {
    reads.read(pk)
    return effects.cross({ name: `${name} ${operation} ${what}`, kinds: READ, run, ...failures(operation) })
  }
  type Write<T> = {
    readonly operation: string
    readonly key: TableKey
    readonly run: () => Promise<T>
    readonly kinds?: readonly FaultKind[]
    readonly publishes?: boolean
  }
  const write = <T>({ operation, key, run, kinds = FAULT_KINDS, publishes }: Write<T>): Promise<T> =>
    effects.cross<T>({
      name: `${name} ${operation} ${key.pk} ${key.sk}`,
      kinds,
      async run() {
        const answer = await run()
        if (!answer) return answer
        partitions.add(key.pk)
        reads.wrote(`${name}/${key.pk}`)
        if (publishes) reads.wrote(UNPUBLISHED)
        return answer
      },
      ...failures(operation),
    })

  const withFaults: Table = {
    get: (key, options) =>
      read('GetItem', `${key.pk} ${key.sk}`, `${name}/${key.pk}`, () => table.get(key, options)),
    query: query =>
      read('Query', query.pk, query.index ? UNPUBLISHED : `${name}/${query.pk}`, () => table.query(query)),
    put: (item, conditions) =>
      write({
        operation: 'PutItem',
        key: item,
        run: () => table.put(item, conditions),
        publishes: item.outbox !== undefined,
      }),
    remove: (key, conditions) =>
      write({ operation: 'DeleteItem', key, run: () => table.remove(key, conditions) }),
    update: (key, changes, conditions) =>
      write({
        operation: 'UpdateItem',
        key,
        run: () => table.update(key, changes, conditions),
        kinds: changes.some(change => 'add' in change) ? ADDING : FAULT_KINDS,
        publishes: changes.some(change => 'set' in change && change.set === 'outbox'),
      }),
  }
  /** Every item whose partition starts like this. */
  const scan = async (prefix: string): Promise<Item[]> => {
    const found = [...partitions].filter(pk => pk.startsWith(prefix)).sort()
    return (await Promise.all(found.map(pk => table.query({ pk })))).flat()
  }
  return { table: withFaults, quiet: { ...table, scan } }
}
