import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { call, fakeCloud } from '../../testing/recording-cloud.ts'
import { createSesService } from './index.ts'

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
const MEMBERS = [
  'FromEmailAddress',
  'Destination',
  'Content',
  'ReplyToAddresses',
  'EmailTags',
  'EmailIdentity',
]
const body = { Simple: { Subject: { Data: 'S' }, Body: { Text: { Data: 'T' } } } }
const plausible = fc.constantFrom<unknown>(
  ...[
    'a@b.cc',
    'b.cc',
    '',
    '@',
    '<>',
    'x'.repeat(100_000),
    ...NAMES,
    body,
    { Simple: { Body: {} } },
    { Raw: {} },
  ],
  ...[{ ToAddresses: ['a@b.cc'] }, { ToAddresses: NAMES }, { ToAddresses: [null] }, [], ['a@b.cc'], 0, true],
)

test('whatever an operation is given, it answers or refuses, and mail goes on arriving', async () => {
  const ses = createSesService(fakeCloud())
  const members = fc.constantFrom(...MEMBERS, 'NextToken', 'PageSize', 'Tags', ...NAMES)
  const input = fc.oneof(
    { weight: 20, arbitrary: fc.dictionary(members, fc.oneof(plausible, fc.jsonValue())) },
    { weight: 1, arbitrary: fc.jsonValue() },
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(ses.operations)), input, async (operation, given) => {
      try {
        await call(ses, operation, given)
      } catch (error) {
        if (error instanceof UnsupportedError) return
        expect(error, operation).toBeInstanceOf(ServiceError)
        expect((error as ServiceError).status).toBeLessThan(500)
      }
    }),
    { numRuns: 2_000, seed: Number(process.env.FUZZ_SEED ?? 1) },
  )
  ses.deliver({ to: 'a@b.cc', subject: 'still', text: 'here' })
  expect(ses.mailbox()[0]).toMatchObject({ subject: 'still' })
})
