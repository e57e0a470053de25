import { expect, test } from 'vitest'
import { call, fakeCloud, provision } from '../../console/testing/fake-cloud.ts'
import { createSecretsManagerService } from './index.ts'

async function secretWith(properties: Record<string, unknown>) {
  const service = createSecretsManagerService(fakeCloud())
  const { ref: arn } = await provision(service, 'AWS::SecretsManager::Secret', 'Key', {
    Name: 'tollgate/stripe',
    ...properties,
  })
  const get = (input: Record<string, unknown> = {}) =>
    call(service, 'GetSecretValue', { SecretId: 'tollgate/stripe', ...input })
  return { service, arn, get }
}

test('a secret is found by name, by ARN and by ARN without its suffix', async () => {
  const { arn, get } = await secretWith({ SecretString: 's1' })
  expect(arn).toMatch(
    /^arn:aws:secretsmanager:us-east-1:000000000000:secret:tollgate\/stripe-[A-Za-z0-9]{6}$/,
  )
  for (const SecretId of ['tollgate/stripe', arn, arn.slice(0, -7)]) {
    expect(await get({ SecretId })).toMatchObject({
      ARN: arn,
      SecretString: 's1',
      VersionStages: ['AWSCURRENT'],
    })
  }
})

test('a new value becomes current, the old one previous, and the one before it goes', async () => {
  const { service, get } = await secretWith({ SecretString: 's1' })
  const put = (SecretString: string) =>
    call(service, 'PutSecretValue', { SecretId: 'tollgate/stripe', SecretString })
  await put('s2')
  const { VersionId } = await get({ VersionStage: 'AWSPREVIOUS' })
  expect(await get({ VersionId })).toMatchObject({ SecretString: 's1' })
  await put('s3')
  expect(await get()).toMatchObject({ SecretString: 's3' })
  expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 's2' })
  await expect(get({ VersionId })).rejects.toThrow(
    `Secrets Manager can't find the specified secret value for VersionId: ${VersionId}`,
  )
})

test('a repeated token adds nothing, and with another value it is refused', async () => {
  const { service } = await secretWith({ SecretString: 's1' })
  const put = (SecretString: string) =>
    call(service, 'PutSecretValue', {
      SecretId: 'tollgate/stripe',
      SecretString,
      ClientRequestToken: 'a'.repeat(32),
    })
  expect(await put('s2')).toEqual(await put('s2'))
  await expect(put('s3')).rejects.toMatchObject({ code: 'ResourceExistsException' })
})

test('a generated secret obeys its rules and its template', async () => {
  const { get } = await secretWith({
    GenerateSecretString: {
      SecretStringTemplate: '{"user":"u"}',
      GenerateStringKey: 'key',
      ExcludePunctuation: true,
      PasswordLength: 40,
    },
  })
  const value = JSON.parse(String((await get()).SecretString))
  expect(value).toEqual({ user: 'u', key: expect.stringMatching(/^[A-Za-z0-9]{40}$/) })
})

test('what is not there is told with the words of AWS', async () => {
  const { service, get } = await secretWith({})
  await expect(get()).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  })
  await expect(call(service, 'GetSecretValue', { SecretId: 'x' })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  })
})
