import { deserialize, serialize } from 'node:v8'
import { describe, expect, test } from 'vitest'
import { ServiceError } from '../../contract.ts'
import { call, fakeCloud, provision } from '../../testing/recording-cloud.ts'
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

test('a secret is gone when its recovery window has passed on the local clock', async () => {
  const cloud = fakeCloud()
  const service = createSecretsManagerService(cloud)
  const SecretId = 'mine'
  await call(service, 'CreateSecret', { Name: SecretId, SecretString: 's' })
  await call(service, 'DeleteSecret', { SecretId, RecoveryWindowInDays: 7 })
  await cloud.clock.advanceTo(cloud.clock.now() + 7 * 86_400_000 - 1)
  await expect(call(service, 'CreateSecret', { Name: SecretId, SecretString: 's' })).rejects.toThrow(
    'already scheduled for deletion',
  )
  await cloud.clock.advanceTo(cloud.clock.now() + 1)
  await expect(call(service, 'DescribeSecret', { SecretId })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
  })
  await expect(call(service, 'CreateSecret', { Name: SecretId, SecretString: 's' })).resolves.toHaveProperty(
    'ARN',
  )
})

test('whoever may not read a secret is not told whether it is there', async () => {
  const service = createSecretsManagerService(fakeCloud())
  const denied = (_action: string, resource: string) => {
    throw new ServiceError('AccessDeniedException', resource, 403)
  }
  const context = { identity: { kind: 'root' as const }, requestId: 'r', authorize: denied }
  const ask = async () => service.operations.GetSecretValue?.({ SecretId: 'nobody' }, context)
  await expect(ask()).rejects.toMatchObject({
    code: 'AccessDeniedException',
    message: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:nobody',
  })
})

describe('after a restart', () => {
  const GENERATED = { GenerateSecretString: { PasswordLength: 20 } }
  const value = async (service: ReturnType<typeof createSecretsManagerService>, SecretId: string) =>
    (await call(service, 'GetSecretValue', { SecretId })).SecretString
  const restart = async (before: ReturnType<typeof createSecretsManagerService>, properties: object) => {
    const saved = deserialize(serialize(before.snapshot?.()))
    const after = createSecretsManagerService(fakeCloud())
    await provision(after, 'AWS::SecretsManager::Secret', 'Key', { Name: 'tollgate/stripe', ...properties })
    await after.restore?.(saved)
    return after
  }

  test('a generated secret is the same before anything is put back', async () => {
    const [one, other] = [await secretWith(GENERATED), await secretWith(GENERATED)]
    expect(await one.get()).toEqual(await other.get())
    expect([one.arn, (await one.get()).SecretString]).toEqual([other.arn, expect.stringMatching(/^.{20}$/)])
  })

  test('what was put into a template’s secret is there, as are secrets that a call made', async () => {
    const { service } = await secretWith({ SecretString: 'first' })
    await call(service, 'PutSecretValue', { SecretId: 'tollgate/stripe', SecretString: 'later' })
    await call(service, 'CreateSecret', { Name: 'mine', SecretString: 'own' })
    const after = await restart(service, { SecretString: 'first' })
    expect([await value(after, 'tollgate/stripe'), await value(after, 'mine')]).toEqual(['later', 'own'])
  })

  test('a value that the template gives anew goes first', async () => {
    const { service } = await secretWith({ SecretString: 'first' })
    await call(service, 'PutSecretValue', { SecretId: 'tollgate/stripe', SecretString: 'later' })
    const after = await restart(service, { SecretString: 'second' })
    expect(await value(after, 'tollgate/stripe')).toBe('second')
  })
})
