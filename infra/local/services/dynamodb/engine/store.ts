import { Stream } from 'node:stream'
import type { TableDescription } from '@aws-sdk/client-dynamodb'
import db from 'dynalite/db/index.js'
import { ServiceError } from '../../../contract.ts'
import { type Range, SortedMap } from './sorted-map.ts'

/** DynamoDB JSON, as it is on the wire. */
export type Item = Record<string, Record<string, unknown>>

type Done<T = void> = (error: unknown, value?: T) => void

/** What dynalite's actions ask of a collection of items. Everything but a stream answers at once. */
type Collection = {
  get(key: string, done: Done<Item>): void
  put(key: string, item: Item, done: Done): void
  del(key: string, done: Done): void
  lock(key: string, run: (release: <D>(done: D) => D) => void): void
  createValueStream(range: Range): Stream
}

/**
 * Tables and items in memory, behind the interface that dynalite's actions use. As it answers synchronously, a write
 * with its condition and its indexes is one step, a snapshot is a reference, and a failure in an action is an exception
 * of its caller. (dynalite's own store is LevelDB behind timers, where it would end the process.)
 */
export class Store {
  readonly options = { maxItemSize: 400 * 1024 }
  readonly tables = new Map<string, TableDescription>()
  readonly #collections = new Map<string, SortedMap<Item>>()

  getTable(name: string, checkOrDone: boolean | Done<TableDescription>, done?: Done<TableDescription>): void {
    const answer = typeof checkOrDone === 'function' ? checkOrDone : done
    const table = this.tables.get(name)
    if (table) answer?.(null, table)
    else answer?.(tableNotFound())
  }

  getItemDb(table: string): Collection {
    return collection(this.items(table))
  }

  getIndexDb(kind: string, table: string, index: string): Collection {
    return collection(this.#collection(`${kind.toLowerCase()}/${table}/${index}`))
  }

  items(table: string): SortedMap<Item> {
    return this.#collection(`items/${table}`)
  }

  /** Items and indexes of a table are gone. */
  clear(table: string): void {
    for (const name of this.#collections.keys()) {
      if (name.split('/')[1] === table) this.#collections.delete(name)
    }
  }

  /** Fills an empty table, its indexes included. */
  load(table: TableDescription, items: ReadonlyMap<string, Item>): void {
    const name = table.TableName ?? ''
    this.#collections.set(`items/${name}`, new SortedMap(items))
    for (const item of items.values()) db.updateIndexes(this, table, null, item, throwIfFailed)
  }

  remove(table: TableDescription, item: Item): void {
    db.updateIndexes(this, table, item, null, throwIfFailed)
    this.items(table.TableName ?? '').delete(db.createKey(item, table))
  }

  #collection(name: string): SortedMap<Item> {
    const known = this.#collections.get(name)
    if (known) return known
    const created = new SortedMap<Item>()
    this.#collections.set(name, created)
    return created
  }
}

export function tableNotFound(name?: string): ServiceError {
  const which = name === undefined ? '' : `: Table: ${name} not found`
  return new ServiceError('ResourceNotFoundException', `Requested resource not found${which}`)
}

function collection(items: SortedMap<Item>): Collection {
  return {
    get: (key, done) => done(null, items.get(key)),
    put(key, item, done) {
      items.set(key, item)
      done(null)
    },
    del(key, done) {
      items.delete(key)
      done(null)
    },
    // Nothing runs between a read and the write that follows it, so there is nothing to wait for.
    lock: (_key, run) => run(done => done),
    createValueStream: range => stream(items.values(range)),
  }
}

/** Emits once the reader has attached itself, which it does in the same turn. */
function stream(values: Iterable<Item>): Stream {
  const emitter = new Stream()
  let open = true
  Object.assign(emitter, { destroy: () => (open = false) })
  queueMicrotask(() => {
    try {
      for (const value of values) {
        if (!open) break
        emitter.emit('data', value)
      }
      emitter.emit('end')
    } catch (error) {
      emitter.emit('error', error)
    }
  })
  return emitter
}

function throwIfFailed(error?: unknown): void {
  if (error) throw error
}
