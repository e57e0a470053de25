import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { HOUR_MS, instant, plusMs } from '#kernel/time'
import { foldRecords, type LedgerRecords } from '../domain/fold.ts'
import { foldPeriod } from './fold-period.ts'
import { type PoisonLine, recordUsage } from './record-usage.ts'
import {
  ACCOUNT,
  accessRecord,
  arbitraryDeliveries,
  arbitraryRecords,
  HOURS,
  NOON,
  usageEvent,
} from './testing/arbitrary-records.ts'

const period = { start: NOON, end: plusMs(NOON, HOURS * HOUR_MS) }

test('deliveries that repeat, overlap and come in any order change no fold', async () => {
  const cases = arbitraryRecords().chain(records =>
    fc.record({ records: fc.constant(records), deliveries: arbitraryDeliveries(records) }),
  )
  await fc.assert(
    fc.asyncProperty(cases, async ({ records, deliveries }) => {
      const ledger = createMemoryTable()
      for (const delivery of deliveries)
        await recordUsage({ ledger, sendPoison: refuse }, deliveryOf(linesOf(delivery)))
      expect(await foldPeriod(ledger, ACCOUNT, period)).toEqual(foldRecords(records))
    }),
  )
})

test('events of a period that begins and ends within an hour are exactly those between its ends', async () => {
  const cases = fc.tuple(arbitraryRecords(), fc.nat(HOURS * HOUR_MS), fc.nat(HOURS * HOUR_MS))
  await fc.assert(
    fc.asyncProperty(cases, async ([records, a, b]) => {
      const ledger = createMemoryTable()
      await recordUsage({ ledger, sendPoison: refuse }, deliveryOf(linesOf(records)))
      const cut = { start: instant(NOON + Math.min(a, b)), end: instant(NOON + Math.max(a, b)) }
      const isIn = ({ usedAt }: { usedAt: number }) => cut.start <= usedAt && usedAt < cut.end
      const expected = foldRecords({ usage: records.usage.filter(isIn), access: records.access.filter(isIn) })
      expect(await foldPeriod(ledger, ACCOUNT, cut)).toEqual(expected)
    }),
  )
})

test('lines that are no records go to the dead letters with a reason and leave the rest of their batch alone', async () => {
  const ledger = createMemoryTable()
  const poison: PoisonLine[] = []
  const good = linesOf({ usage: [usageEvent({ id: 'a', units: 5 })], access: [] })
  const bad = [
    'no json',
    'null',
    '"text"',
    '{"units":3}',
    '{"account":"acct_1","status":502}',
    '{"__proto__":{"units":1}}',
    '[1]',
  ]
  const ports = { ledger, sendPoison: async (line: PoisonLine) => void poison.push(line) }
  expect(await recordUsage(ports, deliveryOf([...bad, ...good]))).toEqual({
    usage: 1,
    access: 0,
    poison: bad.length,
  })
  expect(poison.map(({ line }) => line)).toEqual(bad)
  expect(poison[0]).toMatchObject({
    reason: 'not a JSON object',
    logGroup: 'group',
    logStream: 'stream',
    logEventId: '0',
  })
  expect(poison[3]?.reason).toMatch(/not a valid usage line: .*account/)
  expect((await foldPeriod(ledger, ACCOUNT, period)).units).toBe(5)
})

test("CloudWatch's reachability check records nothing", async () => {
  const check = deliveryOf(['CWL CONTROL MESSAGE: Checking health of destination'], 'CONTROL_MESSAGE')
  const ports = { ledger: createMemoryTable(), sendPoison: refuse }
  expect(await recordUsage(ports, check)).toEqual({ usage: 0, access: 0, poison: 0 })
})

type Payload = ReturnType<typeof wrapped>
const wrapped = (data: Buffer) => ({ awslogs: { data: data.toString('base64') } })
const empty = { messageType: 'DATA_MESSAGE', logGroup: 'group', logStream: 'stream', logEvents: [] }

test.each([
  ['not wrapped as CloudWatch does', ({ awslogs }: Payload) => awslogs],
  ['not compressed', () => wrapped(Buffer.from('{}'))],
  ['of a type that is not known', () => wrapped(gzipSync(JSON.stringify({ ...empty, messageType: 'X' })))],
  ['without a list of lines', () => wrapped(gzipSync(JSON.stringify({ ...empty, logEvents: undefined })))],
  [
    'of lines without ids',
    () => wrapped(gzipSync(JSON.stringify({ ...empty, logEvents: [{ message: '' }] }))),
  ],
])('a delivery that is %s fails, so that the whole of it is kept', async (_, change) => {
  const ports = { ledger: createMemoryTable(), sendPoison: async () => undefined }
  const payload = wrapped(gzipSync(JSON.stringify(empty)))
  expect(await recordUsage(ports, payload)).toEqual({ usage: 0, access: 0, poison: 0 })
  await expect(recordUsage(ports, change(payload))).rejects.toThrow()
})

test('a delivery that was cut off between batch and marker is made whole by its repetition', async () => {
  const ledger = createMemoryTable()
  const delivery = deliveryOf(
    linesOf({ usage: [usageEvent({ id: 'a' })], access: [accessRecord({ id: 'b' })] }),
  )
  const cutOff: Table = {
    ...ledger,
    put: async (item, conditions) => {
      if (item.pk === 'dirty') throw new Error('cut off')
      return ledger.put(item, conditions)
    },
  }
  await expect(recordUsage({ ledger: cutOff, sendPoison: refuse }, delivery)).rejects.toThrow('cut off')
  expect(await ledger.query({ pk: 'dirty' })).toEqual([])
  await recordUsage({ ledger, sendPoison: refuse }, delivery)
  expect(await ledger.query({ pk: 'dirty' })).toHaveLength(1)
})

const refuse = async ({ line }: PoisonLine): Promise<never> => {
  throw new Error(`not a record: ${line}`)
}

/** Lines as they are printed: the usage line with the members of its metric, the access line as the stage formats it. */
function linesOf({ usage, access }: LedgerRecords): string[] {
  return [
    ...usage.map(({ status, usedAt, durationMs, ...event }) =>
      JSON.stringify({
        _aws: { Timestamp: usedAt, CloudWatchMetrics: [] },
        ...event,
        ...{ status: String(status), usedAt: String(usedAt), durationMs: String(durationMs), calls: 1 },
      }),
    ),
    ...access.map(record => JSON.stringify({ ...record, error: '-', latencyMs: '3' })),
  ]
}

function deliveryOf(lines: readonly string[], messageType = 'DATA_MESSAGE'): unknown {
  const delivery = {
    ...{ messageType, owner: '1', logGroup: 'group', logStream: 'stream', subscriptionFilters: ['f'] },
    logEvents: lines.map((message, n) => ({ id: String(n), timestamp: NOON, message })),
  }
  return { awslogs: { data: gzipSync(JSON.stringify(delivery)).toString('base64') } }
}
