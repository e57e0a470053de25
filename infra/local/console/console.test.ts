import { afterEach, describe, expect, test } from 'vitest'
import type { ConsoleSources } from './sources.ts'
import { startConsole } from './start-console.ts'
import { emptySources, fullSources } from './testing/fake-sources.ts'
import { VIEWS } from './views/index.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function open(sources: ConsoleSources = fullSources()) {
  const { url, close } = await startConsole(sources, { port: 0 })
  stops.push(close)
  const json = async (path: string) => (await fetch(url + path)).json()
  const page = (path: string) => fetch(url + path, { headers: { accept: 'text/html' } })
  const send = (method: string, path: string, body?: unknown) =>
    fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return { url, json, page, send }
}

/** Paths of all views, with the variable parts of the fakes. */
const PATHS = VIEWS.map(view =>
  view.path
    .replace('/functions/:name', '/functions/tollgate-api')
    .replace('/executions/:name', '/executions/close-invoice-in_1-1')
    .replace(':kind', 'subscriptions'),
)

describe('the console as JSON', () => {
  test('keeps the shapes of mailbox, clock, executions, dead letters and health', async () => {
    const { json } = await open()
    expect(await json('/mailbox')).toEqual([
      {
        to: 'dora@example.com',
        subject: '<b>Code</b>',
        text: 'It is 123456, see http://localhost:8080/confirm',
        code: '123456',
        sentAt: '2026-01-31T12:00:00.000Z',
      },
    ])
    expect(await json('/clock')).toMatchObject({ now: '2026-01-31T12:00:00.000Z', mode: 'live', offsetMs: 5 })
    expect(await json('/executions')).toMatchObject([
      {
        name: 'close-invoice-in_1-1',
        machine: 'close-invoice',
        status: 'RUNNING',
        currentState: 'AwaitStripe',
      },
    ])
    expect(await json('/dead-letters')).toMatchObject([
      { queue: 'tollgate-dead', attributes: {}, sentAt: '2026-01-31T12:00:00.000Z' },
    ])
    expect(await json('/health')).toEqual({ status: 'ok' })
  })

  test('shows a function with its invocations, their payload, answer and lines', async () => {
    const { json } = await open()
    expect(await json('/functions')).toMatchObject([{ name: 'tollgate-api', kept: 1, failed: 1 }])
    expect(await json('/functions/tollgate-api')).toMatchObject({
      invocations: [
        {
          requestId: 'r-1',
          payload: '{"path":"/v1/phone"}',
          lines: [{ message: expect.stringContaining('START') }],
        },
      ],
    })
  })

  test('shows an execution with its graph, its way and where it is', async () => {
    const { json } = await open()
    expect(await json('/executions/close-invoice-in_1-1')).toMatchObject({
      current: ['AwaitStripe'],
      failed: [],
      graph: { startAt: 'Hold' },
      visited: [{ state: 'Hold' }, { state: 'Held?' }, {}, {}, {}, { state: 'AwaitStripe' }],
    })
  })

  test('says when the period ends: the next subscription period, and the next month', async () => {
    const { json } = await open()
    expect(await json('/clock')).toMatchObject({
      endOfMonth: '2026-02-01T00:00:00.000Z',
      endOfPeriod: '2026-02-14T09:30:00.000Z',
    })
    const { json: empty } = await open(emptySources())
    expect(await empty('/clock')).not.toHaveProperty('endOfPeriod')
  })

  test('asks for the lines of one request', async () => {
    const asked: unknown[] = []
    const { logs } = fullSources()
    const { json } = await open(
      fullSources({ logs: { ...logs, lines: query => [...logs.lines(query)].slice(0, asked.push(query)) } }),
    )
    expect(await json('/logs?group=/tollgate/api&requestId=r-1')).toMatchObject({
      lines: [{ group: '/tollgate/api' }],
    })
    expect(asked).toEqual([{ group: '/tollgate/api', requestId: 'r-1', limit: 500 }])
  })

  test.each([
    '/nothing',
    '/constructor',
    '/functions/none',
    '/executions/none',
    '/stripe/none',
    '/logs?group=none',
    '/functions/%',
  ])('answers %s with a problem document', async path => {
    const { url } = await open()
    const answer = await fetch(url + path)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })

  test('answers a wrong method with those that are allowed', async () => {
    const { url, send } = await open()
    const wrong = await fetch(`${url}/clock/advance`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await send('POST', '/mailbox')).headers.get('allow')).toBe('GET')
    expect((await send('PUT', '/faults')).headers.get('allow')).toBe('GET, POST, DELETE')
  })

  test('a failing source is a problem document, not a dead console', async () => {
    const { url } = await open(
      fullSources({
        recentEvents: () => {
          throw new Error('broken source')
        },
      }),
    )
    expect((await fetch(`${url}/events`)).status).toBe(500)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})

describe('pages', () => {
  test.each(PATHS)('%s escapes everything and loads nothing from elsewhere', async path => {
    const { page } = await open()
    const answer = await page(path)
    const text = await answer.text()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).not.toMatch(/<script(?! src="\/assets\/live\.js" defer><\/script>)|<b>Code|style=|\son\w+=/)
    expect(text).not.toMatch(/(src|href)="https?:\/\/(?!localhost)/)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
  })

  test.each(PATHS.filter(path => !/^\/(functions|executions)\/./.test(path)))(
    '%s says what will be there while there is nothing',
    async path => {
      const { page } = await open(emptySources())
      expect((await page(path)).status).toBe(200)
    },
  )

  test('without mail the mailbox says where to sign up', async () => {
    const { page } = await open(emptySources())
    expect(await (await page('/mailbox')).text()).toContain('href="http://localhost:8080/signup"')
  })

  test('are JSON for a browser that asks for it', async () => {
    const { page } = await open()
    expect((await page('/mailbox?format=json')).headers.get('content-type')).toBe('application/json')
  })

  test('of what is not there are pages too', async () => {
    const { page } = await open()
    const answer = await page('/nothing')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  })

  test('remember the colours that were chosen', async () => {
    const { url } = await open()
    const chosen = await fetch(`${url}/theme`, {
      method: 'POST',
      body: new URLSearchParams({ theme: 'dark', back: '/mailbox' }),
      redirect: 'manual',
    })
    expect(chosen.headers.get('location')).toBe('/mailbox')
    const cookie = chosen.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await fetch(url, { headers: { accept: 'text/html', cookie } })
    expect(await page.text()).toContain('<html lang="en" data-theme="dark">')
  })

  test('load a style sheet, a script and a mark', async () => {
    const { url } = await open()
    const types = ['console.css', 'live.js', 'mark.svg'].map(async name =>
      (await fetch(`${url}/assets/${name}`)).headers.get('content-type'),
    )
    expect(await Promise.all(types)).toEqual([
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
      'image/svg+xml',
    ])
  })
})

describe('fault switches', () => {
  const fault = { service: 'dynamodb', operation: 'PutItem', effect: { kind: 'fail', status: 500 } }

  test('are set, listed and removed as JSON', async () => {
    const { json, send } = await open()
    const set = await send('POST', '/faults', fault)
    const { id } = (await set.json()) as { id: string }
    expect(set.status).toBe(201)
    expect(await json('/faults')).toEqual([{ id, ...fault, seen: 0, struck: 0 }])
    expect((await send('DELETE', `/faults/${id}`)).status).toBe(200)
    expect((await send('DELETE', `/faults/${id}`)).status).toBe(404)
    await send('POST', '/faults', fault)
    await send('DELETE', '/faults')
    expect(await json('/faults')).toEqual([])
  })

  test('are set by the form, whose empty fields mean what is usual', async () => {
    const { url, json } = await open()
    const form = {
      service: 'lambda',
      operation: 'Invoke',
      resource: '',
      kind: 'delay',
      ms: '50',
      times: '0',
      nth: '',
      back: '/faults',
    }
    const answer = await fetch(`${url}/faults`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/faults'])
    expect(await json('/faults')).toMatchObject([
      { service: 'lambda', operation: 'Invoke', times: 0, effect: { kind: 'delay', ms: 50 } },
    ])
  })

  test.each([
    {},
    [],
    null,
    { ...fault, speed: 1 },
    { ...fault, effect: { kind: 'explode' } },
    { __proto__: { kind: 'x' } },
  ])('refuse %j and say why', async body => {
    const { json, send } = await open()
    const answer = await send('POST', '/faults', body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      code: 'invalid_fault',
      detail: expect.stringContaining('fault'),
    })
    expect(await json('/faults')).toEqual([])
  })
})

describe('redriving a dead letter', () => {
  test('sends it back and says where', async () => {
    const asked: string[][] = []
    const { send } = await open(
      fullSources({ redrive: async (...letter) => `arn:of:function-${asked.push(letter)}` }),
    )
    const answer = await send('POST', '/dead-letters/tollgate-dead/m-1/redrive')
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { queue: 'tollgate-dead', id: 'm-1', redrivenTo: 'arn:of:function-1' },
    ])
    expect(asked).toEqual([['tollgate-dead', 'm-1']])
  })

  test('says why it stays', async () => {
    const redrive = () => Promise.reject(new Error('its function is gone'))
    const { send } = await open(fullSources({ redrive }))
    const answer = await send('POST', '/dead-letters/tollgate-dead/m-1/redrive')
    expect([answer.status, await answer.json()]).toMatchObject([409, { detail: 'its function is gone' }])
  })

  test('of an unknown letter is refused', async () => {
    const { send } = await open()
    expect((await send('POST', '/dead-letters/tollgate-dead/none/redrive')).status).toBe(404)
  })
})
