import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createAdvance } from './actions/advance.ts'
import { startConsole } from './start-console.ts'
import { emptySources, START } from './testing/fake-sources.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

function fakeClock(mode: 'live' | 'locked' = 'live') {
  let now = START
  const advanced: number[] = []
  const clock = {
    now: () => now,
    mode,
    offsetMs: () => 0,
    nextDue: () => undefined,
    advanceTo: async (target: number) => {
      await turn()
      advanced.push(target)
      now = target
    },
  }
  return { clock, advanced }
}

async function open(mode: 'live' | 'locked' = 'live') {
  const { clock, advanced } = fakeClock(mode)
  const { url, close } = await startConsole(emptySources({ clock }), { port: 0 })
  stops.push(close)
  const post = (body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${url}/clock/advance`, { method: 'POST', body, headers, redirect: 'manual' })
  const advance = (body: unknown) => post(typeof body === 'string' ? body : JSON.stringify(body))
  return { url, advanced, advance, post }
}

describe('advancing the clock', () => {
  test.each([
    [{ by: 'PT1H' }, '2026-01-31T13:00:00.000Z'],
    [{ by: 'P1DT2H3M4.5S' }, '2026-02-01T14:03:04.500Z'],
    [{ by: 'P1W' }, '2026-02-07T12:00:00.000Z'],
    [{ by: 'P1M' }, '2026-02-28T12:00:00.000Z'],
    [{ to: '2027-01-01T00:00:00Z' }, '2027-01-01T00:00:00.000Z'],
    [{ to: '2026-02-01T01:00:00+01:00' }, '2026-02-01T00:00:00.000Z'],
  ])('by %j answers with the new time', async (body, now) => {
    const { advance, advanced } = await open()
    const answer = await advance(body)
    expect([answer.status, await answer.json()]).toEqual([200, { now }])
    expect(advanced).toEqual([Date.parse(now)])
  })

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{}',
    '{"by":"PT1H","to":"2027-01-01T00:00:00Z"}',
    '{"by":3600}',
    '{"by":"1 hour"}',
    '{"by":"P"}',
    '{"by":"PT"}',
    '{"by":"-PT1H"}',
    '{"to":"tomorrow"}',
    '{"to":"2027-01-01T00:00:00"}',
    '{"to":"2027-13-01T00:00:00Z"}',
    '{"by":"P999999999D"}',
    '{"by":"PT1H","speed":2}',
  ])('by %s is refused and says what to send', async body => {
    const { advance, advanced } = await open()
    const answer = await advance(body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    expect(((await answer.json()) as { detail: string }).detail).toContain('{"by":"PT1H"}')
    expect(advanced).toEqual([])
  })

  test('JSON that curl -d declares as a form is taken as JSON', async () => {
    const { post, advanced } = await open()
    const answer = await post('{"by":"PT1H"}', { 'content-type': 'application/x-www-form-urlencoded' })
    expect([answer.status, await answer.json()]).toEqual([200, { now: '2026-01-31T13:00:00.000Z' }])
    expect(advanced).toHaveLength(1)
  })

  test('back is refused', async () => {
    const { advance, advanced } = await open()
    expect((await advance({ to: '2025-01-01T00:00:00Z' })).status).toBe(409)
    expect(advanced).toEqual([])
  })

  test('is refused while the clock follows real time', async () => {
    const { advance } = await open('locked')
    expect((await advance({ by: 'PT1H' })).status).toBe(409)
  })

  test('twice at once moves it twice, one after the other', async () => {
    const { clock, advanced } = fakeClock()
    const { run } = createAdvance()
    const press = () => run(emptySources({ clock }), { params: {}, body: { by: 'PT1H' } })
    await Promise.all([press(), press()])
    expect(advanced).toEqual([START + 3_600_000, START + 7_200_000])
  })

  test('to a date of the form means UTC', async () => {
    const { post, advanced } = await open()
    await post(new URLSearchParams({ utc: '2026-03-01T00:00' }))
    expect(advanced).toEqual([Date.UTC(2026, 2, 1)])
  })

  test.each([
    ['/executions?machine=a', '/executions?machine=a'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['/a\r\nset-cookie: a=b', '/'],
    [undefined, '/'],
  ])('from a form on %j sends the browser to %s', async (back, location) => {
    const { post } = await open()
    const answer = await post(new URLSearchParams({ by: 'P1D', ...(back === undefined ? {} : { back }) }))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, location])
  })

  test('with a huge body is refused', async () => {
    const { advance } = await open()
    expect((await advance(`{"by":"${'x'.repeat(20_000)}"}`)).status).toBe(413)
  })
})
