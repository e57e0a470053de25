import { beforeEach, expect, test } from 'vitest'
import {
  ensureWebhook,
  type SecretStore,
  WEBHOOK_EVENTS,
  type WebhookEndpoint,
  type WebhookEndpoints,
} from './setup.ts'

const URL = 'https://hooks.example/stripe'
let endpoints: WebhookEndpoint[]
let secret: string | undefined
let order: string[]
let made: number

const stripe: WebhookEndpoints = {
  list: async () => endpoints,
  async create(url) {
    const id = `we_${++made}`
    endpoints.push({ id, url, apiVersion: '2026-10-28.endive', enabledEvents: WEBHOOK_EVENTS })
    order.push(`create ${id}`)
    return { id, secret: `whsec_${id}` }
  },
  async setEvents(id) {
    endpoints = endpoints.map(one => (one.id === id ? { ...one, enabledEvents: WEBHOOK_EVENTS } : one))
    order.push(`events ${id}`)
  },
  async remove(id) {
    endpoints = endpoints.filter(one => one.id !== id)
    order.push(`remove ${id}`)
  },
}
const secrets: SecretStore = {
  read: async () => secret,
  async write(_, text) {
    secret = text
    order.push('write')
  },
}
const setUp = (secretKey = 'sk_test_1') =>
  ensureWebhook({ stripe, secrets, secretId: 'tollgate/stripe', webhookUrl: URL, secretKey })

beforeEach(() => {
  endpoints = []
  secret = 'a generated placeholder'
  order = []
  made = 0
})

test('the first run makes the endpoint and stores both secrets, the second changes nothing', async () => {
  expect(await setUp()).toEqual({ endpoint: 'made', secret: 'written' })
  expect(JSON.parse(secret ?? '')).toEqual({ secretKey: 'sk_test_1', webhookSecret: 'whsec_we_1' })
  expect(await setUp()).toEqual({ endpoint: 'unchanged', secret: 'unchanged' })
  expect(order).toEqual(['create we_1', 'write'])
})

test('a new secret key keeps the endpoint', async () => {
  await setUp()
  expect(await setUp('sk_test_2')).toEqual({ endpoint: 'unchanged', secret: 'written' })
})

test('an endpoint whose signing secret is lost, or of another version, is replaced after the new secret is stored', async () => {
  await setUp()
  secret = undefined
  expect(await setUp()).toEqual({ endpoint: 'made', secret: 'written' })
  endpoints = endpoints.map(one => ({ ...one, apiVersion: '2025-01-01.old' }))
  order = []
  await setUp()
  expect(order).toEqual(['create we_3', 'write', 'remove we_2'])
  expect(endpoints).toHaveLength(1)
})

test('missing event types are added, and endpoints of somebody else are left alone', async () => {
  await setUp()
  endpoints = endpoints.map(one => ({ ...one, enabledEvents: ['invoice.paid'] }))
  endpoints.push({ id: 'we_x', url: 'https://other', apiVersion: null, enabledEvents: [] })
  expect(await setUp()).toEqual({ endpoint: 'updated', secret: 'unchanged' })
  expect(endpoints.map(({ id }) => id)).toEqual(['we_1', 'we_x'])
})
