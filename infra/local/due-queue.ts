import type { LocalTime } from './contract.ts'

export type DueEntry<T> = { readonly dueAt: LocalTime; readonly order: number; readonly value: T }

export type DueQueue<T> = {
  add(dueAt: LocalTime, value: T): DueEntry<T>
  first(): DueEntry<T> | undefined
  /** Everything that is due, earliest first. */
  list(): T[]
  /** Removing what is no longer there does nothing. */
  remove(entry: DueEntry<T>): void
}

/** A queue by due time; what is due at the same time leaves in the order in which it came. */
export function createDueQueue<T>(): DueQueue<T> {
  const entries: DueEntry<T>[] = []
  let order = 0

  function positionOf(entry: DueEntry<T>): number {
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = entries[middle]
      if (
        other &&
        (other.dueAt < entry.dueAt || (other.dueAt === entry.dueAt && other.order < entry.order))
      ) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  return {
    add(dueAt, value) {
      const entry = { dueAt, order: order++, value }
      entries.splice(positionOf(entry), 0, entry)
      return entry
    },
    first: () => entries[0],
    list: () => entries.map(entry => entry.value),
    remove(entry) {
      const position = positionOf(entry)
      if (entries[position] === entry) entries.splice(position, 1)
    },
  }
}
