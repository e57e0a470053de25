import type { Table } from '#kernel/table'
import type { Gateway } from './gateway.ts'
import { createLimitSets } from './limit-sets.ts'
import { createAccessStore } from './store.ts'
import { createWarmPool } from './warm-pool.ts'

/** Wires access on a table and a gateway: the real ones in the entries, in-memory ones in tests and simulation. */
export const createAccessPorts = (table: Table, gateway: Gateway) => ({
  table,
  gateway,
  store: createAccessStore(table),
  limitSets: createLimitSets(table, gateway),
  warmPool: createWarmPool(table, gateway),
})
