import { request } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { startConsole } from './start-console.ts'
import { fullSources } from './testing/fake-sources.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** Status of a request with headers as given, also those that `fetch` does not let one set. */
async function status(method: string, path: string, headers: (port: string) => Record<string, string>) {
  const { url, close } = await startConsole(fullSources(), { port: 0 })
  stops.push(close)
  const { port } = new URL(url)
  return await new Promise<number | undefined>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers: headers(port) }, answer => {
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', reject).end(method === 'POST' ? '{"by":"PT1H"}' : undefined)
  })
}

describe('a web site that is open in the same browser', () => {
  test.each(['evil.example', 'evil.example:8082', '127.0.0.1.evil.example', 'localhost.evil.example:80'])(
    'cannot read mails by a name that points here: %j',
    async host => {
      expect(await status('GET', '/mailbox', () => ({ host }))).toBe(403)
    },
  )

  test.each(['https://evil.example', 'null', 'http://localhost:8080', 'http://127.0.0.1'])(
    'cannot move the clock from %s',
    async origin => {
      expect(await status('POST', '/clock/advance', () => ({ origin }))).toBe(403)
    },
  )

  test.each(['script', 'image', 'iframe', 'empty'])('cannot load the JSON as %s', async kind => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': kind }
    expect(await status('GET', '/mailbox', () => headers)).toBe(403)
  })

  test('may link here', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }
    expect(await status('GET', '/mailbox', () => headers)).toBe(200)
    expect(await status('POST', '/clock/advance', () => headers)).toBe(403)
  })
})

test.each(['127.0.0.1', 'localhost', '[::1]'])('the console itself at %s may do everything', async host => {
  const own = (port: string) => ({
    host: `${host}:${port}`,
    origin: `http://${host}:${port}`,
    'sec-fetch-site': 'same-origin',
  })
  expect(await status('POST', '/clock/advance', own)).toBe(200)
})
