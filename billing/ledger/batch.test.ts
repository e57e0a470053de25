import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldRecords } from '../domain/fold.ts'
import { decodeBatch, encodeBatch, groupRecords } from './batch.ts'
import {
  ACCOUNT,
  accessRecord,
  accountId,
  arbitraryRecords,
  usageEvent,
} from './testing/arbitrary-records.ts'

const other = accountId('two')

test('records come back from a batch as they were, each in the batch of its account and hour', () => {
  fc.assert(
    fc.property(arbitraryRecords([ACCOUNT, other]), records => {
      const decoded = groupRecords(records).flatMap(batch =>
        encodeBatch(batch).map(item => {
          expect(item.pk).toBe(`usage#${batch.accountId}#${batch.hour}`)
          return decodeBatch(batch.accountId, item)
        }),
      )
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
      expect(decoded.flatMap(({ usage }) => usage).sort(byId)).toEqual(records.usage.toSorted(byId))
      expect(decoded.flatMap(({ access }) => access).sort(byId)).toEqual(records.access.toSorted(byId))
    }),
  )
})

test('a batch over the size limit is split until every item fits, and folds to the same', () => {
  const usage = Array.from({ length: 500 }, (_, n) =>
    usageEvent({ id: `request-${(n * 7919) % 500}`, units: n }),
  )
  const [batch] = groupRecords({ usage, access: [accessRecord({ id: 'door' })] })
  if (!batch) throw new Error('no batch')
  const items = encodeBatch(batch, 1_000)
  expect(items.length).toBeGreaterThanOrEqual(4)
  for (const item of items) expect((item.body as Uint8Array).length).toBeLessThanOrEqual(1_000)
  const decoded = items.map(item => decodeBatch(ACCOUNT, item))
  const all = { usage: decoded.flatMap(part => part.usage), access: decoded.flatMap(part => part.access) }
  expect(foldRecords(all)).toEqual(foldRecords(batch.records))
})

test('the name of a batch depends on its records, not on their order', () => {
  const [a, b] = [usageEvent({ id: 'a' }), usageEvent({ id: 'b' })]
  const nameOf = (usage: (typeof a)[]) =>
    groupRecords({ usage, access: [] }).flatMap(batch => encodeBatch(batch))[0]?.sk
  expect(nameOf([a, b])).toBe(nameOf([b, a, a]))
  expect(nameOf([a])).not.toBe(nameOf([b]))
})

test('a usage event and an access record of one request are never taken for the same batch', () => {
  const [served] = groupRecords({ usage: [usageEvent({ id: 'a' })], access: [] }).flatMap(batch =>
    encodeBatch(batch),
  )
  const [door] = groupRecords({ usage: [], access: [accessRecord({ id: 'a' })] }).flatMap(batch =>
    encodeBatch(batch),
  )
  expect(served?.sk).not.toBe(door?.sk)
})

const { account: _, ...row } = usageEvent({ id: 'a' })

test.each([
  ['of a later version', { v: 2 }],
  ['with a usage event that has no price', { usage: [{ ...row, units: undefined }] }],
  ['with a usage event that was never used', { usage: [{ ...row, usedAt: 'yesterday' }] }],
  ['without access records', { access: undefined }],
])('a stored batch %s is not guessed at', (_, change) => {
  const itemOf = (body: object) => ({
    pk: 'x',
    sk: 'y',
    body: new Uint8Array(gzipSync(JSON.stringify(body))),
  })
  const body = { v: 1, usage: [row], access: [] }
  expect(decodeBatch(ACCOUNT, itemOf(body)).usage).toEqual([usageEvent({ id: 'a' })])
  expect(() => decodeBatch(ACCOUNT, itemOf({ ...body, ...change }))).toThrow()
})
