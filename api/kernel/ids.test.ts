import { describe, expect, test } from 'vitest'
import { accountIdOf, base62, derivedId, randomId } from './ids.ts'
import { accountIdSchema, keyIdSchema } from './schemas.ts'

describe('ids', () => {
  test('that are random have their schema’s form and do not repeat', () => {
    const ids = Array.from({ length: 1_000 }, () => randomId('key'))
    for (const id of ids) expect(keyIdSchema.safeParse(id).success).toBe(true)
    expect(new Set(ids).size).toBe(1_000)
  })

  test('that are derived are the same for the same parts only', () => {
    expect(derivedId('x', 'a', 'b')).toBe(derivedId('x', 'a', 'b'))
    expect(derivedId('x', 'a', 'b')).not.toBe(derivedId('x', 'ab'))
    expect(derivedId('x', 'a', 'b')).not.toBe(derivedId('x', 'b', 'a'))
  })

  test('of an account follow from its founder', () => {
    const id = accountIdOf('0f8fad5b-d9cb-469f-a165-70867728950e')
    expect(accountIdSchema.safeParse(id).success).toBe(true)
    expect(accountIdOf('0f8fad5b-d9cb-469f-a165-70867728950e')).toBe(id)
  })

  test('in base 62 are padded to their length', () => {
    expect(base62(Uint8Array.of(0), 3)).toBe('000')
    expect(base62(Uint8Array.of(61), 3)).toBe('00z')
    expect(base62(Uint8Array.of(62), 3)).toBe('010')
    expect(base62(new Uint8Array(16).fill(255), 22)).toBe('7n42DGM5Tflk9n8mt7Fhc7')
  })
})
