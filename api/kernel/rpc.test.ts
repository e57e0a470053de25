import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { fail, ok } from './result.ts'
import { type Call, ContractError, client, defineContract, type Invoke, serve } from './rpc.ts'
import { instant } from './time.ts'

const contract = defineContract({
  double: { input: z.object({ n: z.int() }), output: z.object({ n: z.int() }) },
})
const call: Call = { now: instant(1), actor: { kind: 'service', service: 'billing' }, requestId: 'r1' }
/** Over the wire, as JSON. */
const over =
  (handler: (event: unknown) => Promise<unknown>): Invoke =>
  async payload =>
    JSON.parse(JSON.stringify(await handler(JSON.parse(JSON.stringify(payload)))))
const doubling = serve(contract, { double: async ({ n }) => ok({ n: n * 2 }) })

describe('a procedure', () => {
  test('gets input and call, and its answer comes back', async () => {
    let seen: Call | undefined
    const handler = serve(contract, {
      double: async ({ n }, call) => {
        seen = call
        return ok({ n: n * 2 })
      },
    })
    expect(await client(contract, over(handler)).double({ n: 4 }, call)).toEqual(ok({ n: 8 }))
    expect(seen).toEqual(call)
  })

  test('that fails as expected answers a value', async () => {
    const handler = serve(contract, { double: async () => fail('too_large', 'No.') })
    expect(await client(contract, over(handler)).double({ n: 4 }, call)).toEqual(fail('too_large', 'No.'))
  })

  test('that throws stays a throw', async () => {
    const handler = serve(contract, { double: async () => Promise.reject(new Error('broken')) })
    await expect(client(contract, over(handler)).double({ n: 4 }, call)).rejects.toThrow('broken')
  })

  test.each([
    [{ procedure: 'double', input: { n: 'secret' }, call }, 'invalid_request'],
    [{ procedure: 'double', input: { n: 1 } }, 'invalid_request'],
    ['nonsense', 'invalid_request'],
    [{ procedure: 'toString', input: {}, call }, 'unknown_procedure'],
    [{ procedure: 'halve', input: {}, call }, 'unknown_procedure'],
  ])('refuses %j', async (payload, code) => {
    const answer = await doubling(payload)
    expect(answer).toMatchObject({ ok: false, code })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  test.each([{ ok: true, value: { n: 'secret' } }, { ok: true }, null, 'nonsense'])(
    'that answers %j breaks its contract, which throws without showing values',
    async answer => {
      const asked = client(contract, async () => answer).double({ n: 1 }, call)
      await expect(asked).rejects.toThrow(ContractError)
      await expect(asked).rejects.not.toThrow(/secret/)
    },
  )
})
