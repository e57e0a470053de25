import { beforeEach, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { openAccount } from '../jobs/open-account.ts'
import { rollUp } from '../jobs/roll-up.ts'
import { append } from '../ledger/append.ts'
import {
  ACCOUNT,
  accessRecord,
  accountId,
  keyId,
  NOON,
  usageEvent,
} from '../ledger/testing/arbitrary-records.ts'
import { listRequests } from './list-requests.ts'
import { callAt, createTestDeps, publishCatalogue, type TestDeps } from './testing/test-deps.ts'

let deps: TestDeps
const owner = { kind: 'customer', accountId: ACCOUNT, userId: 'u' } as const
const list = async (input: Partial<Parameters<ReturnType<typeof listRequests>>[0]> = {}, now = NOON) => {
  const answer = await listRequests(deps)({ accountId: ACCOUNT, ...input }, callAt(now, owner))
  if (!answer.ok) throw new Error(answer.code)
  return answer.value
}
const ids = async (input: Parameters<typeof list>[0] = {}, now?: Instant) =>
  (await list(input, now)).requests.map(({ id }) => id)
const ago = (ms: number) => plusMs(NOON, -ms)

beforeEach(async () => {
  deps = createTestDeps()
  await publishCatalogue(deps)
  await openAccount(deps, { accountId: ACCOUNT, createdAt: ago(40 * DAY_MS) }, callAt(NOON))
})

test('every request is there once, newest first, with what it cost and why', async () => {
  const usage = [
    usageEvent({ id: 'charged', units: 3, usedAt: ago(5_000) }),
    usageEvent({ id: 'free', units: 0, usedAt: ago(4_000) }),
    usageEvent({ id: 'failed', units: 0, status: 422, usedAt: ago(3_000) }),
    usageEvent({ id: 'voided', units: 7, usedAt: ago(2_000) }),
  ]
  const access = [
    accessRecord({ id: 'voided', status: 504, usedAt: ago(2_000) }),
    accessRecord({ id: 'refused', status: 429, usedAt: ago(1_000) }),
  ]
  await append(deps.ledger, { usage, access })
  await append(deps.ledger, { usage: usage.slice(1), access: [] })
  const { requests } = await list()
  expect(requests.map(({ id, status, units, outcome }) => [id, status, units, outcome])).toEqual([
    ['refused', 429, 0, 'refused'],
    ['voided', 504, 0, 'voided'],
    ['failed', 422, 0, 'failed'],
    ['free', 200, 0, 'free'],
    ['charged', 200, 3, 'charged'],
  ])
  expect(requests[0]).toMatchObject({ durationMs: null, keyId: keyId('a') })
})

test('pages join without a gap or a repetition, also within one millisecond', async () => {
  const times = [0, 0, 0, 1, HOUR_MS, HOUR_MS, 25 * HOUR_MS]
  const usage = times.map((ms, n) => usageEvent({ id: `request-${n}`, usedAt: ago(ms) }))
  await append(deps.ledger, { usage, access: [] })
  const seen: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await list({ limit: 2, ...(cursor ? { cursor } : {}) })
    expect(page.requests.length).toBeLessThanOrEqual(2)
    seen.push(...page.requests.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor)
  expect(seen).toEqual([2, 1, 0, 3, 5, 4, 6].map(n => `request-${n}`))
})

test('hours that roll-up has totalled are listed like those it has not', async () => {
  await append(deps.ledger, { usage: [usageEvent({ id: 'old', usedAt: ago(3 * HOUR_MS) })], access: [] })
  await rollUp(deps, callAt(NOON))
  await append(deps.ledger, { usage: [usageEvent({ id: 'new' })], access: [] })
  expect(await ids()).toEqual(['new', 'old'])
})

test('filters combine', async () => {
  const usage = [
    usageEvent({ id: 'a', key: keyId('a'), route: 'POST /v1/phone' }),
    usageEvent({ id: 'b', key: keyId('b'), route: 'POST /v1/phone' }),
    usageEvent({ id: 'c', key: keyId('b'), route: 'POST /v1/email', status: 422 }),
  ]
  await append(deps.ledger, { usage, access: [] })
  expect(await ids({ keyId: keyId('b') })).toEqual(['c', 'b'])
  expect(await ids({ keyId: keyId('b'), route: 'POST /v1/phone' })).toEqual(['b'])
  expect(await ids({ outcome: 'failed' })).toEqual(['c'])
  expect(await ids({ id: 'a' })).toEqual(['a'])
})

test('what is older than 30 days is no longer listed', async () => {
  const halfPast = plusMs(NOON, HOUR_MS / 2)
  const usage = [
    usageEvent({ id: 'gone', usedAt: plusMs(halfPast, -30 * DAY_MS - 1) }),
    usageEvent({ id: 'kept', usedAt: plusMs(halfPast, -30 * DAY_MS) }),
  ]
  await append(deps.ledger, { usage, access: [] })
  expect(await ids({}, halfPast)).toEqual(['kept'])
})

test('a long search stops, says how far it got, and goes on from there', async () => {
  const many = (hour: number) =>
    Array.from({ length: 10_000 }, (_, n) =>
      usageEvent({ id: `${hour}-${n}`, usedAt: ago(hour * HOUR_MS + n) }),
    )
  for (const hour of [1, 2]) await append(deps.ledger, { usage: many(hour), access: [] })
  const wanted = usageEvent({ id: 'wanted', usedAt: ago(9 * HOUR_MS), status: 422 })
  await append(deps.ledger, { usage: [wanted], access: [] })
  const first = await list({ outcome: 'failed' })
  expect(first).toMatchObject({ requests: [], searchedTo: ago(3 * HOUR_MS) })
  const second = await list({ outcome: 'failed', cursor: first.nextCursor ?? '' })
  expect(second.requests).toMatchObject([{ id: 'wanted' }])
  expect(second.nextCursor).toBeNull()
})

test('a cursor of somebody else’s making is refused, and so is somebody else’s account', async () => {
  const ask = (input: { accountId: string; cursor?: string }) =>
    listRequests(deps)(input, callAt(NOON, owner))
  expect(await ask({ accountId: ACCOUNT, cursor: 'x' })).toMatchObject({ ok: false, code: 'invalid_request' })
  expect(await ask({ accountId: accountId('other') })).toMatchObject({ ok: false, code: 'not_found' })
})
