export type Range = {
  readonly gt?: string
  readonly gte?: string
  readonly lt?: string
  readonly lte?: string
  readonly reverse?: boolean
  /** Absent or negative: no limit. */
  readonly limit?: number
}

/** A map that is read in the order of its keys. */
export class SortedMap<V> {
  readonly #values: Map<string, V>
  readonly #keys: string[]

  constructor(entries: Iterable<readonly [string, V]> = []) {
    this.#values = new Map(entries)
    this.#keys = [...this.#values.keys()].sort(byCodeUnit)
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): V | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: V): void {
    if (!this.#values.has(key)) this.#keys.splice(this.#firstAtLeast(key), 0, key)
    this.#values.set(key, value)
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#keys.splice(this.#firstAtLeast(key), 1)
  }

  entries(): ReadonlyMap<string, V> {
    return this.#values
  }

  *values(range: Range = {}): Generator<V> {
    const start = this.#boundary(range.gte, range.gt, 0)
    const end = this.#boundary(range.lt, range.lte, this.#keys.length)
    const count = Math.max(0, end - start)
    const limit = range.limit === undefined || range.limit < 0 ? count : Math.min(count, range.limit)
    // A copy: who reads may write in between.
    const keys = range.reverse
      ? this.#keys.slice(end - limit, end).reverse()
      : this.#keys.slice(start, start + limit)
    for (const key of keys) {
      const value = this.#values.get(key)
      if (value !== undefined) yield value
    }
  }

  /** Index of the first key at or after `at`, or after `past`. */
  #boundary(at: string | undefined, past: string | undefined, otherwise: number): number {
    if (at !== undefined) return this.#firstAtLeast(at)
    if (past === undefined) return otherwise
    const index = this.#firstAtLeast(past)
    return this.#keys[index] === past ? index + 1 : index
  }

  #firstAtLeast(key: string): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#keys[middle] ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
