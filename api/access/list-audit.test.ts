import { expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import type { Actor } from '#kernel/rpc'
import { instant } from '#kernel/time'
import { listAudit } from './list-audit.ts'

const OWN = 'acct_0000000000000000000001'
const OTHER = 'acct_0000000000000000000002'
const customer: Actor = { kind: 'customer', accountId: OWN, userId: 'usr_1' }
const admin: Actor = { kind: 'admin', userId: 'usr_2' }

test.each<[string, Actor, string | null, object]>([
  ['a customer reads its own trail', customer, OWN, { ok: true }],
  ['a customer learns nothing of another account', customer, OTHER, { ok: false, code: 'not_found' }],
  ['a customer may not read the deployment', customer, null, { ok: false, code: 'forbidden' }],
  ['an admin reads the deployment', admin, null, { ok: true }],
])('%s', async (_, actor, accountId, expected) => {
  const call = { now: instant(0), actor, requestId: 'r' }
  expect(await listAudit({ table: createMemoryTable() })({ accountId }, call)).toMatchObject(expected)
})
