import Stripe from 'stripe'
import { beforeEach, expect, test } from 'vitest'
import type { DomainEvent } from '#kernel/outbox'
import { parseInstant, plusMs, SECOND_MS, toUnixSeconds } from '#kernel/time'
import { receiveWebhook } from './receive-webhook.ts'

const SECRET = 'whsec_test'
const now = parseInstant('2026-11-22T12:00:00Z')
const invoiceCreated = {
  ...{ id: 'evt_1', object: 'event', type: 'invoice.created', created: toUnixSeconds(now) },
  data: { object: { id: 'in_1', object: 'invoice', lines: ['é, so that bytes and characters differ'] } },
}
const published: DomainEvent[] = []
const publish = async (event: DomainEvent) => {
  published.push(event)
}

beforeEach(() => {
  published.length = 0
})

const sign = (body: string, signedAt = now, secret = SECRET) =>
  Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: toUnixSeconds(signedAt) })

const receive = (body: string, signature: string | undefined, base64 = false) =>
  receiveWebhook(
    { webhookSecret: async () => SECRET, publish },
    {
      headers: signature === undefined ? {} : { 'stripe-signature': signature },
      body: base64 ? Buffer.from(body).toString('base64') : body,
      isBase64Encoded: base64,
    },
    now,
  )

test.each([false, true])(
  'a signed event is put on the bus and answered with 204 (base64: %s)',
  async base64 => {
    const body = JSON.stringify(invoiceCreated)
    expect(await receive(body, sign(body), base64)).toEqual({ statusCode: 204 })
    const data = { id: 'evt_1', type: 'invoice.created', objectId: 'in_1', object: 'invoice' }
    expect(published).toEqual([{ id: 'evt_1', type: 'invoice.created', at: now, data }])
  },
)

test('a type that nobody knows, without an id of an object, is passed on', async () => {
  const body = JSON.stringify({ ...invoiceCreated, type: 'x.y', data: { object: { object: 'x' } } })
  expect(await receive(body, sign(body))).toEqual({ statusCode: 204 })
  expect(published[0]?.data).toMatchObject({ type: 'x.y', objectId: '' })
})

const meterErrors = JSON.stringify({
  ...{ id: 'evt_2', object: 'v2.core.event', type: 'v1.billing.meter.error_report_triggered' },
  created: '2026-11-22T11:59:58.500Z',
  related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
})

test('a thin event about a meter names itself: what happened is in the event, not in the meter', async () => {
  expect(await receive(meterErrors, sign(meterErrors))).toEqual({ statusCode: 204 })
  expect(published[0]?.data).toMatchObject({ id: 'evt_2', objectId: 'evt_2' })
})

test('a thin event is signed with the secret of its own destination', async () => {
  const signed = sign(meterErrors, now, 'whsec_destination')
  const ports = {
    webhookSecret: async () => SECRET,
    eventDestinationSecret: async () => 'whsec_destination',
    publish: async () => {},
  }
  const request = { headers: { 'stripe-signature': signed }, body: meterErrors, isBase64Encoded: false }
  expect(await receiveWebhook(ports, request, now)).toEqual({ statusCode: 204 })
  expect(await receive(meterErrors, signed)).toMatchObject({ statusCode: 400 })
})

test.each([
  ['no signature', (_: string) => undefined],
  ['another secret', (body: string) => sign(body, now, 'whsec_other')],
  ['another body', (body: string) => sign(`${body} `)],
  ['a signature that is 301 s old', (body: string) => sign(body, plusMs(now, -301 * SECOND_MS))],
  ['nonsense', () => 'v1=00'],
])('refused with a problem document and not passed on: %s', async (_, signature) => {
  const body = JSON.stringify(invoiceCreated)
  const answer = await receive(body, signature(body))
  expect(answer).toMatchObject({ statusCode: 400, headers: { 'content-type': 'application/problem+json' } })
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'invalid_signature', status: 400 })
  expect(published).toEqual([])
})

test('a signature that is 300 s old is taken', async () => {
  const body = JSON.stringify(invoiceCreated)
  expect(await receive(body, sign(body, plusMs(now, -300 * SECOND_MS)))).toEqual({ statusCode: 204 })
})

test('a signed body that is no event is refused', async () => {
  expect(await receive('[]', sign('[]'))).toMatchObject({ statusCode: 400 })
  expect(await receive('{', sign('{'))).toMatchObject({ statusCode: 400 })
})

test('nothing is acknowledged when the bus did not take it', async () => {
  const body = JSON.stringify(invoiceCreated)
  const ports = {
    webhookSecret: async () => SECRET,
    publish: async () => {
      throw new Error('the bus is down')
    },
  }
  const request = { headers: { 'stripe-signature': sign(body) }, body, isBase64Encoded: false }
  await expect(receiveWebhook(ports, request, now)).rejects.toThrow('the bus is down')
})
