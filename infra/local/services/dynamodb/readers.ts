import type { Identity } from '../../contract.ts'

/** Members of an input that hold attribute values: among them is the key of what is read or written. */
export type Values = {
  readonly Key?: object | undefined
  readonly Item?: object | undefined
  readonly ExpressionAttributeValues?: object | undefined
}

/** Beyond this nothing is told apart any more: every write concerns everybody. */
const VALUES_MAX = 100_000
/** Stands for a read that names no value: of everything. */
const EVERYTHING = '*'

export type Readers = ReturnType<typeof createReaders>

/**
 * Which functions have read what, by the values that their reads named. A value is enough: whoever reads a partition names
 * its key, and so does whoever writes into it, so a write that names no value which a function ever named cannot change
 * what that function finds.
 */
export function createReaders() {
  const byValue = new Map<string, Set<string>>()
  let isFull = false

  function note(value: string, reader: string): void {
    const known = byValue.get(value)
    if (known) known.add(reader)
    else if (byValue.size < VALUES_MAX) byValue.set(value, new Set([reader]))
    else isFull = true
  }

  return {
    /** Notes a read. What people and AWS services read concerns no function. */
    read(table: string, input: Values, identity: Identity): void {
      if (identity.kind !== 'role') return
      const values = valuesOf(table, input)
      for (const value of values.length > 0 ? values : [`${table} ${EVERYTHING}`])
        note(value, identity.sessionName)
    },

    /** The functions that a write concerns, its writer included; undefined: everybody. */
    concernedBy(table: string, input: Values, identity: Identity): ReadonlySet<string> | undefined {
      if (isFull || identity.kind !== 'role') return undefined
      const concerned = new Set([identity.sessionName])
      for (const value of [`${table} ${EVERYTHING}`, ...valuesOf(table, input)])
        for (const reader of byValue.get(value) ?? []) concerned.add(reader)
      return concerned
    },
  }
}

function valuesOf(table: string, { Key, Item, ExpressionAttributeValues }: Values): string[] {
  const all = [Key, Item, ExpressionAttributeValues].flatMap(values => Object.values(values ?? {}))
  return all.map(value => `${table} ${JSON.stringify(value)}`)
}
