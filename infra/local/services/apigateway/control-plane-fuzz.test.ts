import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { OPERATIONS } from './operations/index.ts'
import {
  attachKey,
  callWithKey,
  type GatewayUnderTest,
  gatewayUnderTest,
} from './testing/gateway-under-test.ts'

let gateway: GatewayUnderTest | undefined
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

/** JSON as a caller could send it, prototype names included. */
const json = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '-1', 'NaN', '1e999').map(text => text),
  fc
    .constantFrom('{"__proto__":{"a":1}}', '{"toString":1}', '[null]', '[{"op":null}]', '[[]]')
    .map(text => JSON.parse(text) as unknown),
)

const patch = fc.record(
  {
    op: fc.oneof(fc.constantFrom('add', 'remove', 'replace', 'copy', '__proto__'), json),
    path: fc.oneof(
      fc.constantFrom('/name', '/apiStages', '/throttle/burstLimit', '/enabled', '/__proto__'),
      json,
    ),
    value: fc.oneof(fc.constantFrom('true', '-5', 'a:b', '1e300'), json),
  },
  { requiredKeys: [] },
)

test('no parameters of any operation make it fail or harm what is there', { timeout: 60_000 }, async () => {
  const api = await gatewayUnderTest()
  gateway = api
  const { keyId, planId } = await attachKey(api, { rateLimit: 1000, burstLimit: 1000 })
  const apis = (await api.call('GetRestApis', {})).item as { id: string }[]
  const other = await api.call('CreateApiKey', { name: 'other' })
  const otherPlan = await api.call('CreateUsagePlan', { name: 'other' })
  const others = [String(other.id), String(otherPlan.id)]
  const known = fc.constantFrom(keyId, planId, ...others, apis[0]?.id, 'prod', 'API_KEY', '2026-11-22', 'GET')
  const mine = new Set([keyId, planId])
  const destructive = (operation: string, input: object) =>
    /^(Delete|Update)/.test(operation) && Object.values(input).some(value => mine.has(value))
  // Deletions are rare, or nothing would be left to change.
  const names = Object.keys(OPERATIONS)
  const isDelete = (name: string) => name.startsWith('Delete')
  const operation = fc.oneof(
    { weight: 200, arbitrary: fc.constantFrom(...names.filter(name => !isDelete(name))) },
    { weight: 1, arbitrary: fc.constantFrom(...names.filter(isDelete)) },
  )

  const call = operation.chain(name => {
    const members = Object.entries(OPERATIONS[name]?.parameters ?? {}).map(
      ([member, { wire }]) =>
        [wire ?? member, fc.oneof(known, json, fc.array(patch, { maxLength: 3 }))] as const,
    )
    const input = fc.record(Object.fromEntries(members), { requiredKeys: [] })
    return fc.record({
      name: fc.constant(name),
      input: fc.oneof({ weight: 9, arbitrary: input }, { weight: 1, arbitrary: json }),
    })
  })

  await fc.assert(
    fc.asyncProperty(call, async ({ name, input }) => {
      if (typeof input === 'object' && input !== null && destructive(name, input)) return
      await api.clock.advanceTo(api.clock.now() + 20_000)
      await api.call(name, input as object).catch(error => {
        if (error instanceof UnsupportedError) return
        if (!(error instanceof ServiceError)) throw error
        expect(error.status).toBeLessThan(500)
      })
    }),
    { numRuns: 1_500 },
  )

  expect(Object.keys(Object.prototype)).toEqual([])
  expect((await callWithKey(api)).status).toBe(200)
  for (const list of ['GetApiKeys', 'GetUsagePlans'] as const) {
    await api.clock.advanceTo(api.clock.now() + 20_000)
    const { item } = await api.call(list, { limit: '500' })
    for (const entry of item as Record<string, unknown>[]) {
      expect(typeof entry.id).toBe('string')
      expect(typeof (entry.name ?? '')).toBe('string')
    }
  }
})
