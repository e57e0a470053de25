/**
 * What the product needs of DynamoDB: single-item conditional writes and ordered reads of one partition, with
 * conditions and changes as data. Two implementations: `dynamo-table.ts` (signed HTTP) and `memory-table.ts` (tests,
 * simulation); one contract suite runs against both. Every table has a string partition key `pk` and sort key `sk`;
 * tables with an outbox have a sparse index `unpublished` (partition `outbox`, sort `outboxAt`).
 * Values are JSON-like (string, number, boolean, null, array, map) plus `Uint8Array`; `undefined` members are dropped.
 */
export type TableKey = { readonly pk: string; readonly sk: string }
export type Item = TableKey & Readonly<Record<string, unknown>>

/** A top-level attribute or a path into maps: `'left'`, `['h', '2026-11-22T14']`. */
export type Path = string | readonly string[]

/** All conditions of a write must hold. */
export type Condition =
  | { readonly absent: Path }
  | { readonly present: Path }
  | { readonly path: Path; readonly equals: string | number | boolean }
  | { readonly path: Path; readonly notEquals: string | number | boolean }
  | { readonly path: Path; readonly lessThan: string | number }
  | { readonly path: Path; readonly atLeast: string | number }

export type Change =
  | { readonly set: Path; readonly to: unknown }
  | { readonly setIfAbsent: Path; readonly to: unknown }
  /** Adds to a number; a missing one counts as zero. The maps above a nested path must exist. */
  | { readonly add: Path; readonly by: number }
  | { readonly remove: Path }

export type Query = {
  readonly pk: string
  /** Sort keys that start with this. Not together with `from`/`to`. */
  readonly prefix?: string
  /** Inclusive lower bound of the sort key. */
  readonly from?: string
  /** Inclusive upper bound of the sort key. */
  readonly to?: string
  readonly descending?: boolean
  /** At most so many items; without it the whole range is read, page by page. */
  readonly limit?: number
  /** Strongly consistent read (not on the index). Default true: only reads for display may say false. */
  readonly consistent?: boolean
  readonly index?: 'unpublished'
}

export interface Table {
  get(key: TableKey, options?: { readonly consistent?: boolean }): Promise<Item | undefined>
  /** Writes the whole item. False when a condition failed. */
  put(item: Item, conditions?: readonly Condition[]): Promise<boolean>
  /** Changes one item (created when missing). The new item, or undefined when a condition failed. */
  update(
    key: TableKey,
    changes: readonly Change[],
    conditions?: readonly Condition[],
  ): Promise<Item | undefined>
  /** Deletes the item. False when a condition failed. */
  remove(key: TableKey, conditions?: readonly Condition[]): Promise<boolean>
  query(query: Query): Promise<readonly Item[]>
}

/** The condition that nothing is stored under the key yet. */
export const isNew: readonly Condition[] = [{ absent: 'pk' }]
