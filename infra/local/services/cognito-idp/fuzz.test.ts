import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { EMAIL, people } from './testing/people.ts'
import { samples } from './testing/samples.ts'

const CONTEXT = { identity: { kind: 'root' as const }, requestId: 'r', authorize: () => undefined }
const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']

/** What the wire can bring: any JSON, names that a prototype answers to, and long texts. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(...PROTOTYPE_NAMES, 'x'.repeat(140_000), '', ' ', '-1', Number.MAX_VALUE, -0),
  fc.constantFrom(...PROTOTYPE_NAMES).map(name => JSON.parse(`{"${name}":{"a":["b"]}}`) as unknown),
  fc.constantFrom(...PROTOTYPE_NAMES).map(Name => [{ Name, Value: Name }]),
)

test('whatever an operation is given, it answers or refuses, and people go on signing in', async () => {
  const self = await people()
  await self.join()
  const { AccessToken: access, RefreshToken: refresh = '' } = await self.signIn()
  const inputs = samples(self, { access, refresh, secret: 'y'.repeat(52) })
  expect(Object.keys(inputs).sort()).toEqual(Object.keys(self.cognito.operations).sort())
  const saved = structuredClone(self.cognito.snapshot?.())
  const restore = () => self.cognito.restore?.(structuredClone(saved))
  const broken = fc.constantFrom(...Object.keys(inputs)).chain(operation => {
    const members = Object.keys(inputs[operation] ?? {})
    const changes = fc.dictionary(fc.constantFrom(...members, ...PROTOTYPE_NAMES, 'Other'), anything, {
      maxKeys: 2,
    })
    return fc.tuple(
      fc.constant(operation),
      fc.oneof({ weight: 20, arbitrary: changes }, { weight: 1, arbitrary: anything }),
    )
  })
  await fc.assert(
    fc.asyncProperty(broken, async ([operation, change]) => {
      const whole = typeof change !== 'object' || change === null || Array.isArray(change)
      const input = whole ? change : { ...inputs[operation], ...change }
      try {
        await self.cognito.operations[operation]?.(input, CONTEXT)
      } catch (error) {
        if (error instanceof UnsupportedError) return
        expect(error, `${operation} ${JSON.stringify(input)?.slice(0, 500)}`).toBeInstanceOf(ServiceError)
        expect((error as ServiceError).status).toBeLessThan(500)
      } finally {
        await restore()
      }
    }),
    { numRuns: 1_500, seed: Number(process.env.FUZZ_SEED ?? 1) },
  )
  expect((await self.signIn()).ExpiresIn).toBe(900)
  expect(await self.asAdmin('AdminGetUser', { Username: EMAIL })).toMatchObject({ UserStatus: 'CONFIRMED' })
}, 60_000)
