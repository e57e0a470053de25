import { afterEach, describe, expect, test } from 'vitest'
import type { ConsoleSources } from './sources.ts'
import { startConsole } from './start-console.ts'

const START = Date.UTC(2026, 0, 31, 12)
const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function open(overrides: Partial<ConsoleSources> = {}) {
  let now = START
  const advanced: number[] = []
  const sources: ConsoleSources = {
    mailbox: () => [
      { to: 'dora@example.com', subject: '<b>Code</b>', text: 'It is 123456', code: '123456', sentAt: START },
    ],
    clock: {
      now: () => now,
      mode: 'live',
      offsetMs: () => 5,
      advanceTo: async target => {
        advanced.push(target)
        now = target
      },
    },
    executions: () => [
      { name: 'x-1', machine: 'close-invoice', status: 'RUNNING', currentState: 'Drain', startedAt: START },
    ],
    deadLetters: () => [{ queue: 'dead', body: '<script>alert(1)</script>', attributes: {}, sentAt: START }],
    recentEvents: () => [],
    functions: () => [{ name: 'api' }],
    journal: () => [{ at: START, source: 'iam', summary: 'denied' }],
    health: () => ({ status: 'ok' }),
    links: { Portal: 'http://localhost:8080' },
    ...overrides,
  }
  const { url, close } = await startConsole(sources, { port: 0 })
  stops.push(close)
  const advance = (body: unknown) =>
    fetch(`${url}/clock/advance`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { url, advanced, advance }
}

describe('the console as JSON', () => {
  test('shows mailbox, clock, executions, dead letters, events, journal, functions and health', async () => {
    const { url } = await open()
    const get = async (path: string) => (await fetch(url + path)).json()
    expect(await get('/mailbox')).toEqual([
      {
        to: 'dora@example.com',
        subject: '<b>Code</b>',
        text: 'It is 123456',
        code: '123456',
        sentAt: '2026-01-31T12:00:00.000Z',
      },
    ])
    expect(await get('/clock')).toEqual({ now: '2026-01-31T12:00:00.000Z', mode: 'live', offsetMs: 5 })
    expect(await get('/executions')).toMatchObject([{ machine: 'close-invoice', currentState: 'Drain' }])
    expect(await get('/dead-letters')).toMatchObject([{ queue: 'dead' }])
    expect(await get('/events')).toEqual([])
    expect(await get('/journal')).toMatchObject([{ source: 'iam' }])
    expect(await get('/functions')).toEqual([{ name: 'api' }])
    expect(await get('/health')).toEqual({ status: 'ok' })
  })

  test('answers an unknown path and a wrong method with a problem document', async () => {
    const { url } = await open()
    const unknown = await fetch(`${url}/nothing`)
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    const wrong = await fetch(`${url}/clock/advance`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${url}/constructor`)).status).toBe(404)
  })
})

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
    const { url, advanced } = await open()
    const answer = await fetch(`${url}/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: '{"by":"PT1H"}',
    })
    expect([answer.status, await answer.json()]).toEqual([200, { now: '2026-01-31T13:00:00.000Z' }])
    expect(advanced).toHaveLength(1)
  })

  test('back is refused', async () => {
    const { advance, advanced } = await open()
    expect((await advance({ to: '2025-01-01T00:00:00Z' })).status).toBe(409)
    expect(advanced).toEqual([])
  })

  test('is refused while the clock follows real time', async () => {
    const clock = {
      now: () => START,
      mode: 'locked' as const,
      offsetMs: () => 0,
      advanceTo: async () => undefined,
    }
    const { advance } = await open({ clock })
    expect((await advance({ by: 'PT1H' })).status).toBe(409)
  })

  test('twice at once moves it twice, one after the other', async () => {
    const { advance, advanced } = await open()
    await Promise.all([advance({ by: 'PT1H' }), advance({ by: 'PT1H' })])
    expect(advanced).toEqual([START + 3_600_000, START + 7_200_000])
  })

  test('from the page sends the browser back to it, and from a foreign page does nothing', async () => {
    const { url, advanced } = await open()
    const post = (headers: Record<string, string>) =>
      fetch(`${url}/clock/advance`, {
        method: 'POST',
        body: new URLSearchParams({ by: 'P1D' }),
        headers,
        redirect: 'manual',
      })
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
    expect(advanced).toEqual([])
    const answer = await post({ origin: url })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
    expect(advanced).toEqual([START + 86_400_000])
  })

  test('with a huge body is refused', async () => {
    const { advance } = await open()
    expect((await advance(`{"by":"${'x'.repeat(20_000)}"}`)).status).toBe(413)
  })
})

test('the page escapes everything, and loads nothing from elsewhere', async () => {
  const { url } = await open()
  const answer = await fetch(url)
  const page = await answer.text()
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(page).toContain('&lt;b&gt;Code&lt;/b&gt;')
  expect(page).toContain('<code>123456</code>')
  expect(page).not.toContain('<script')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page).not.toMatch(/(src|href)="https?:\/\/(?!localhost)/)
})

test('a failing source is a problem document, not a dead console', async () => {
  const { url } = await open({
    executions: () => {
      throw new Error('broken source')
    },
  })
  expect((await fetch(`${url}/executions`)).status).toBe(500)
  expect((await fetch(`${url}/health`)).status).toBe(200)
})
