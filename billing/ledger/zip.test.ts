import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { unzipJson, zipJson } from './zip.ts'

test.each([0, 1, 1_000, 1_025, 16_384, 100_000, 2_000_000])('%i bytes come back as they went', length => {
  const value = {
    text: 'é'.repeat(length),
    list: Array.from({ length: Math.min(length, 9_999) }, (_, i) => i * i),
  }
  const body = zipJson(value)
  expect(unzipJson(body)).toEqual(value)
  expect(JSON.parse(gunzipSync(body).toString('utf8'))).toEqual(value)
})

test('what is not gzip of JSON is refused', () => {
  expect(() => unzipJson(new Uint8Array([1, 2, 3]))).toThrow()
  expect(() => unzipJson(zipJson({}).subarray(0, 12))).toThrow()
})
