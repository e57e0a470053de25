import { expect, test } from 'vitest'
import { appendAudit } from '#kernel/audit'
import type { Actor } from '#kernel/rpc'
import { listAudit } from './list-audit.ts'
import { callAt, createTestDeps, NOW } from './testing/test-deps.ts'

const ACCOUNT = 'acct_0000000000000000000001'
const OTHER = 'acct_0000000000000000000099'
const customer: Actor = { kind: 'customer', accountId: ACCOUNT, userId: 'usr_1' }
const admin: Actor = { kind: 'admin', userId: 'usr_2' }

test.each<[string, Actor, string | null, object]>([
  ['a customer reads its own trail', customer, ACCOUNT, { ok: true }],
  ['a customer learns nothing of another account', customer, OTHER, { ok: false, code: 'not_found' }],
  ['a customer may not read the deployment', customer, null, { ok: false, code: 'forbidden' }],
  ['an admin reads any trail', admin, OTHER, { ok: true }],
  ['an admin reads the deployment', admin, null, { ok: true }],
])('%s', async (_, actor, accountId, expected) => {
  const deps = createTestDeps()
  await appendAudit(deps.billing, { ...callAt(NOW), actor: admin }, { accountId: ACCOUNT, action: 'a.b' })
  const found = await listAudit(deps)({ accountId }, { ...callAt(NOW), actor })
  expect(found).toMatchObject(expected)
  if (found.ok) expect(found.value.records).toHaveLength(accountId === OTHER ? 0 : 1)
})
