import { randomUUID } from 'node:crypto'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientConfig, localOnly, ON_AWS } from '../../testing/contract-target.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { createSecretsManagerService } from './index.ts'

let here: Served | undefined
let client: SecretsManagerClient
const made: string[] = []

beforeAll(async () => {
  here = ON_AWS ? undefined : await serve(cloud => [createSecretsManagerService(cloud)])
  client = new SecretsManagerClient(clientConfig(here?.url ?? ''))
})
afterAll(async () => {
  for (const SecretId of made)
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
  client.destroy()
  await here?.close()
})

async function secret(more: { SecretString?: string; SecretBinary?: Uint8Array; Description?: string } = {}) {
  const Name = `tollgate-contract/${randomUUID()}`
  const created = await client.send(new CreateSecretCommand({ Name, SecretString: 's1', ...more }))
  made.push(Name)
  return { SecretId: Name, ...created }
}
const get = (input: { SecretId: string; VersionId?: string; VersionStage?: string }) =>
  client.send(new GetSecretValueCommand(input))

describe('a secret', () => {
  test('is found by name and by ARN, and knows its stages', async () => {
    const { SecretId, ARN = '', VersionId } = await secret({ Description: 'for a test' })
    expect(ARN).toMatch(new RegExp(`^arn:aws:secretsmanager:[\\w-]+:\\d{12}:secret:${SecretId}-\\w{6}$`))
    for (const id of [SecretId, ARN, ARN.slice(0, -7)])
      expect(await get({ SecretId: id })).toMatchObject({
        ARN,
        Name: SecretId,
        VersionId,
        SecretString: 's1',
        VersionStages: ['AWSCURRENT'],
      })
    const described = await client.send(new DescribeSecretCommand({ SecretId }))
    expect(described).toMatchObject({
      Description: 'for a test',
      VersionIdsToStages: { [VersionId ?? '']: ['AWSCURRENT'] },
    })
    expect(described.LastAccessedDate?.toISOString()).toMatch(/T00:00:00/)
  })

  test('keeps bytes as they are', async () => {
    const SecretBinary = Uint8Array.from([0, 255, 128])
    const Name = `tollgate-contract/${randomUUID()}`
    await client.send(new CreateSecretCommand({ Name, SecretBinary }))
    made.push(Name)
    expect([...((await get({ SecretId: Name })).SecretBinary ?? [])]).toEqual([0, 255, 128])
  })

  test('moves its stages to a new value', async () => {
    const { SecretId, VersionId } = await secret()
    const put = await client.send(new PutSecretValueCommand({ SecretId, SecretString: 's2' }))
    expect(put.VersionStages).toEqual(['AWSCURRENT'])
    expect(await get({ SecretId })).toMatchObject({ SecretString: 's2', VersionId: put.VersionId })
    expect(await get({ SecretId, VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      VersionId,
      SecretString: 's1',
    })
    await expect(
      get({ SecretId, VersionId: VersionId ?? '', VersionStage: 'AWSCURRENT' }),
    ).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'You provided a VersionStage that is not associated to the provided VersionId.',
    })
    const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId }))
    expect(Versions).toHaveLength(2)
    const updated = await client.send(
      new UpdateSecretCommand({ SecretId, SecretString: 's3', Description: 'd' }),
    )
    expect(await get({ SecretId })).toMatchObject({ SecretString: 's3', VersionId: updated.VersionId })
  })

  test('takes a token once for one value', async () => {
    const { SecretId } = await secret()
    const put = (SecretString: string, ClientRequestToken: string) =>
      client.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken }))
    const token = randomUUID()
    expect((await put('s2', token)).VersionId).toBe((await put('s2', token)).VersionId)
    await expect(put('s3', token)).rejects.toMatchObject({ name: 'ResourceExistsException' })
  })

  test('is not made twice', async () => {
    const { SecretId } = await secret()
    await expect(
      client.send(new CreateSecretCommand({ Name: SecretId, SecretString: 'x' })),
    ).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: `The operation failed because the secret ${SecretId} already exists.`,
    })
  })

  test('has tags', async () => {
    const { SecretId } = await secret()
    const tags = async () => (await client.send(new DescribeSecretCommand({ SecretId }))).Tags ?? []
    await client.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'stage', Value: 'test' }] }))
    expect(await tags()).toEqual([{ Key: 'stage', Value: 'test' }])
    await client.send(new UntagResourceCommand({ SecretId, TagKeys: ['stage'] }))
    expect(await tags()).toEqual([])
  })

  test('can be taken back until its recovery window has passed', async () => {
    const { SecretId } = await secret()
    const remove = (RecoveryWindowInDays?: number) =>
      client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays }))
    await expect(remove(3)).rejects.toMatchObject({ name: 'InvalidParameterException' })
    const { DeletionDate } = await remove(7)
    expect((DeletionDate?.getTime() ?? 0) - Date.now()).toBeGreaterThan(6.9 * 86_400_000)
    await expect(get({ SecretId })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
    })
    expect((await client.send(new DescribeSecretCommand({ SecretId }))).DeletedDate).toBeInstanceOf(Date)
    await client.send(new RestoreSecretCommand({ SecretId }))
    expect(await get({ SecretId })).toMatchObject({ SecretString: 's1' })
  })
})

test('secrets are listed by the beginning of their names', async () => {
  const { SecretId } = await secret()
  const list = (Values: string[]) =>
    client.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values }], MaxResults: 10 }))
  // AWS updates its list a moment after it has made a secret.
  await expect
    .poll(async () => (await list([SecretId])).SecretList?.map(one => one.Name), { timeout: 30_000 })
    .toEqual([SecretId])
  expect((await list([`!${SecretId}`, `no-${SecretId}`])).SecretList?.map(one => one.Name)).not.toContain(
    SecretId,
  )
}, 60_000)

test('a random password obeys its rules', async () => {
  const { RandomPassword } = await client.send(
    new GetRandomPasswordCommand({ PasswordLength: 12, ExcludePunctuation: true, ExcludeCharacters: 'abc' }),
  )
  expect(RandomPassword).toMatch(/^[A-Zd-z0-9]{12}$/)
})

test.each([
  [
    { SecretId: 'nobody-knows' },
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  ],
  [
    { SecretId: '' },
    'ValidationException',
    "1 validation error detected: Value '' at 'secretId' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
])('what is wrong with %j is told with the words of AWS', async (input, name, message) => {
  await expect(get(input)).rejects.toMatchObject({ name, message })
})

localOnly('AWS answers what the CLI knows, too')('what is not emulated is refused by name', async () => {
  const refused = { Name: 'x', SecretString: 'x', KmsKeyId: 'alias/mine' }
  await expect(client.send(new CreateSecretCommand(refused))).rejects.toThrow('KmsKeyId')
})
