import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { ACCOUNT, START } from '../testing/builders.ts'
import { KEY_ID } from '../testing/requests.ts'
import { type Env, meter, UNMATCHED_ROUTE } from './meter.ts'
import type { UsageLine } from './usage-line.ts'

test('whatever a route says, a call that the client sees fail costs nothing', async () => {
  const printed: UsageLine[] = []
  const app = new Hono<Env>()
  app.use(
    meter(
      line => printed.push(line),
      () => START,
    ),
  )
  app.get('/', c => {
    c.set('units', 5)
    return c.text('no', 400)
  })
  const requestContext = {
    extendedRequestId: 'ext-1=',
    requestTimeEpoch: START,
    authorizer: { account: ACCOUNT, key: KEY_ID, plan: 'free' },
  }
  const answer = await app.request('/', {}, { requestContext })
  expect(answer.headers.get('Tollgate-Units')).toBe('0')
  expect(printed).toMatchObject([{ units: 0, status: 400, route: UNMATCHED_ROUTE }])
})
