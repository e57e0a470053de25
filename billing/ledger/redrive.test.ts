import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeEach, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { HOUR_MS, instant, plusMs } from '#kernel/time'
import { type DeadLetters, type Letter, readLetter } from './dead-letters.ts'
import { foldPeriod } from './fold-period.ts'
import { recordUsage } from './record-usage.ts'
import { redrive } from './redrive.ts'
import { ACCOUNT, NOON, usageEvent } from './testing/arbitrary-records.ts'

let ledger: ReturnType<typeof createMemoryTable>
let queue: { id: string; body: string; isHidden: boolean }[]
let sent: number

const send = (content: object) =>
  queue.push({ id: `m${++sent}`, body: JSON.stringify(content), isHidden: false })
const letters: DeadLetters = {
  count: async () => queue.length,
  receive: async () => {
    const some = queue.filter(({ isHidden }) => !isHidden).slice(0, 10)
    for (const message of some) message.isHidden = true
    return some.map(
      ({ id, body }): Letter => ({ receipt: id, sentAt: instant(0), content: readLetter(body) }),
    )
  },
  remove: async receipt => {
    queue = queue.filter(({ id }) => id !== receipt)
  },
  release: async receipt => {
    for (const message of queue) if (message.id === receipt) message.isHidden = false
  },
}
/** What `record-usage` does: parses, and sends what it cannot read to the queue with the newest reason. */
const recordUsageNow = (payload: unknown) =>
  recordUsage({ ledger, sendPoison: async poison => void send(poison) }, payload)
const run = () => redrive({ letters, recordUsage: recordUsageNow })
const units = async () =>
  (await foldPeriod(ledger, ACCOUNT, { start: NOON, end: plusMs(NOON, HOUR_MS) })).units

const { account, ...event } = usageEvent({ id: 'a', units: 5 })
const good = JSON.stringify({
  ...event,
  account,
  ...{ status: String(event.status), usedAt: String(event.usedAt), durationMs: String(event.durationMs) },
})
const poison = (line: string, logEventId = line) => ({
  ...{ reason: 'an old reason', line, logGroup: 'g', logStream: 's', logEventId },
})

beforeEach(() => {
  ledger = createMemoryTable()
  queue = []
  sent = 0
})

test('a line that parses by now is recorded and gone', async () => {
  send(poison(good))
  expect(await run()).toBe(1)
  expect(await units()).toBe(5)
  expect(queue).toEqual([])
})

test('a line that still does not parse is queued once, with the newest reason, and the run ends', async () => {
  send(poison('{"units":1}'))
  await run()
  expect(queue).toHaveLength(1)
  expect(queue[0]).toMatchObject({ isHidden: false })
  expect(readLetter(queue[0]?.body ?? '')).toMatchObject({
    kind: 'line',
    reason: expect.stringContaining('usage line'),
  })
  await run()
  expect(queue).toHaveLength(1)
})

test('a whole delivery that was not taken is taken', async () => {
  const delivery = {
    ...{ messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's' },
    logEvents: [{ id: 'e1', message: good }],
  }
  const data = gzipSync(JSON.stringify(delivery)).toString('base64')
  expect(gunzipSync(Buffer.from(data, 'base64')).toString()).toContain('DATA_MESSAGE')
  send({ requestContext: { condition: 'RetriesExhausted' }, requestPayload: { awslogs: { data } } })
  expect(await run()).toBe(1)
  expect(await units()).toBe(5)
})

test('what is no log line stays, to be seen by everybody', async () => {
  send({ detail: 'a fact that nobody took' })
  expect(await run()).toBe(0)
  expect(queue).toMatchObject([{ isHidden: false }])
})

test('a run that is cut off loses nothing, and the next one charges nothing twice', async () => {
  send(poison(good))
  const { remove } = letters
  letters.remove = () => Promise.reject(new Error('cut off'))
  await expect(run()).rejects.toThrow('cut off')
  letters.remove = remove
  expect(queue).toMatchObject([{ isHidden: false }])
  await run()
  expect(await units()).toBe(5)
  expect(queue).toEqual([])
})
