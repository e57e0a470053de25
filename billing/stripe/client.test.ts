import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Instant, MINUTE_MS, parseInstant, plusMs } from '#kernel/time'
import { createStripe, createStripeAccess, STRIPE_API_VERSION, secretReader } from './client.ts'

describe('the secret', () => {
  let now: Instant
  let stored: string
  let reads: number
  const secretOf = (secretKey: string, webhookSecret = 'whsec_1') =>
    JSON.stringify({ secretKey, webhookSecret })
  const access = () =>
    createStripeAccess({
      readSecret: async () => {
        reads++
        return stored
      },
      apiUrl: 'http://127.0.0.1:1',
      now: () => now,
    })
  beforeEach(() => {
    now = parseInstant('2026-11-22T12:00:00Z')
    stored = secretOf('sk_test_1')
    reads = 0
  })

  test('is read on first use and kept for five minutes', async () => {
    const { stripe, webhookSecret } = access()
    expect(reads).toBe(0)
    const client = await stripe()
    expect(await webhookSecret()).toBe('whsec_1')
    now = plusMs(now, 5 * MINUTE_MS - 1)
    expect(await stripe()).toBe(client)
    expect(reads).toBe(1)
  })

  test('a rotated key is in use five minutes later, on a client of its own', async () => {
    const { stripe } = access()
    const client = await stripe()
    stored = secretOf('sk_test_2')
    now = plusMs(now, 5 * MINUTE_MS)
    const rotated = await stripe()
    expect(rotated).not.toBe(client)
    expect(await stripe()).toBe(rotated)
    expect(reads).toBe(2)
  })

  test('a rotated signing secret is in use five minutes later, with the client and its connections kept', async () => {
    const { stripe, webhookSecret } = access()
    const client = await stripe()
    stored = secretOf('sk_test_1', 'whsec_2')
    now = plusMs(now, 5 * MINUTE_MS)
    expect(await webhookSecret()).toBe('whsec_2')
    expect(await stripe()).toBe(client)
  })

  test.each(['{}', secretOf(''), secretOf('sk_test_1', ''), '{"secretKey":"sk_test_1"}', 'placeholder'])(
    '%s is no secret, and is asked for again',
    async text => {
      const { stripe, webhookSecret } = access()
      stored = text
      await expect(stripe()).rejects.toThrow()
      stored = secretOf('sk_test_1')
      expect(await webhookSecret()).toBe('whsec_1')
    },
  )

  test('is read from Secrets Manager; one without text is a fault of the deployment', async () => {
    const manager = new SecretsManagerClient()
    const client = mockClient(manager)
    client.on(GetSecretValueCommand, { SecretId: 'tollgate/stripe' }).resolves({ SecretString: 'text' })
    client.on(GetSecretValueCommand, { SecretId: 'binary' }).resolves({ SecretBinary: new Uint8Array([1]) })
    expect(await secretReader('tollgate/stripe', manager)()).toBe('text')
    await expect(secretReader('binary', manager)()).rejects.toThrow('the secret binary holds no text')
  })
})

describe('the client', () => {
  const optionsOf = (apiUrl: string) => {
    const stripe = createStripe('sk_test_1', apiUrl)
    const names = ['protocol', 'host', 'port', 'timeout', 'version']
    return Object.fromEntries(names.map(name => [name, stripe.getApiField(name)]))
  }

  test.each([
    ['https://api.stripe.com', 'https', 'api.stripe.com', 443],
    ['http://stripe.internal', 'http', 'stripe.internal', 80],
    ['http://stripe.internal:4010', 'http', 'stripe.internal', '4010'],
    ['https://stripe.internal:8443/', 'https', 'stripe.internal', '8443'],
  ])('speaks to %s', (url, protocol, host, port) => {
    expect(optionsOf(url)).toMatchObject({ protocol, host, port })
  })

  test('pins the version, repeats twice, and gives up before a function that calls it times out', () => {
    expect(optionsOf('https://api.stripe.com')).toMatchObject({
      timeout: 20_000,
      version: STRIPE_API_VERSION,
    })
    const stripe = createStripe('sk_test_1', 'https://api.stripe.com')
    expect(stripe.getMaxNetworkRetries()).toBe(2)
    expect(stripe.getTelemetryEnabled()).toBe(false)
  })
})
