import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { API_KEY_HEADER_PATTERN } from '#api/contract'
import { createSecret, hashSecret, isSecret, maskSecret } from './key-format.ts'

const random = fc.uint8Array({ minLength: 16, maxLength: 16 })
const stage = fc.constantFrom('live' as const, 'test' as const)

describe('an API key', () => {
  test('passes the gateway’s pattern and its own checksum', () => {
    fc.assert(
      fc.property(stage, random, (stage, bytes) => {
        const secret = createSecret(stage, bytes)
        expect(`Bearer ${secret}`).toMatch(new RegExp(API_KEY_HEADER_PATTERN))
        expect(isSecret(secret, stage)).toBe(true)
      }),
    )
  })

  test('of another stage is refused', () => {
    expect(isSecret(createSecret('live'), 'test')).toBe(false)
  })

  test('with any one character changed is refused', () => {
    fc.assert(
      fc.property(random, fc.nat(27), fc.nat(60), (bytes, position, shift) => {
        const secret = createSecret('test', bytes)
        const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
        const index = 'tg_test_'.length + position
        const changed = digits[(digits.indexOf(secret[index] ?? '') + 1 + shift) % 62]
        expect(isSecret(secret.slice(0, index) + changed + secret.slice(index + 1), 'test')).toBe(false)
      }),
    )
  })

  const known = `tg_test_${'0'.repeat(23)}Y6Fif`
  test.each(['', 'tg_test_', `Bearer ${known}`, `${known}\n`, ` ${known}`, known.slice(1)])(
    'is not %j',
    text => expect(isSecret(text, 'test')).toBe(false),
  )

  test('keeps all 128 random bits: different bytes give different keys', () => {
    fc.assert(
      fc.property(random, random, (a, b) => {
        fc.pre(Buffer.compare(a, b) !== 0)
        expect(createSecret('test', a)).not.toBe(createSecret('test', b))
      }),
    )
  })

  test('has a known form', () => {
    expect(createSecret('test', new Uint8Array(16))).toBe(known)
  })

  test('is shown masked with its last six characters only', () => {
    const secret = createSecret('test')
    expect(maskSecret(secret)).toBe(`tg_test_…${secret.slice(-6)}`)
  })

  test('is stored as its SHA-256', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})
