import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import { call, fakeCloud } from '../../testing/recording-cloud.ts'
import { createSecretsManagerService } from './index.ts'

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
const MEMBERS = [
  ...[
    'SecretId',
    'Name',
    'SecretString',
    'SecretBinary',
    'Description',
    'Tags',
    'TagKeys',
    'ClientRequestToken',
  ],
  ...[
    'VersionId',
    'VersionStage',
    'VersionStages',
    'Filters',
    'MaxResults',
    'NextToken',
    'SortBy',
    'SortOrder',
  ],
  ...['RecoveryWindowInDays', 'ForceDeleteWithoutRecovery', 'PasswordLength', 'ExcludeCharacters', ...NAMES],
]
const plausible = fc.constantFrom<unknown>(
  ...[
    'shop/key',
    'x',
    'AWSCURRENT',
    'AWSPREVIOUS',
    'name',
    'asc',
    'a'.repeat(32),
    'b'.repeat(70_000),
    ...NAMES,
  ],
  ...[0, 1, 7, 4_096, -1, 1e21, true, [], ['AWSPENDING'], ['__proto__'], {}],
  ...[[{ Key: '__proto__', Value: 'x' }], [{ Key: 'name', Values: ['!', '__proto__'] }]],
)

test('whatever an operation is given, it answers or refuses, and a secret keeps its value', async () => {
  const service = createSecretsManagerService(fakeCloud())
  await call(service, 'CreateSecret', { Name: 'kept', SecretString: 'value' })
  await call(service, 'CreateSecret', { Name: 'shop/key', SecretString: 'value' })
  const input = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.dictionary(fc.constantFrom(...MEMBERS), fc.oneof(plausible, fc.jsonValue())),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
  )
  const asked = fc.tuple(fc.constantFrom(...Object.keys(service.operations)), input)
  await fc.assert(
    fc.asyncProperty(asked, async ([operation, given]) => {
      try {
        await call(service, operation, given)
      } catch (error) {
        if (error instanceof UnsupportedError) return
        expect(error, operation).toBeInstanceOf(ServiceError)
        expect((error as ServiceError).status).toBeLessThan(500)
      }
    }),
    { numRuns: 3_000, seed: Number(process.env.FUZZ_SEED ?? 1) },
  )
  expect(await call(service, 'GetSecretValue', { SecretId: 'kept' })).toMatchObject({ SecretString: 'value' })
})
