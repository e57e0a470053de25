import type { GetSecretValueRequest, GetSecretValueResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { secretId, stage, token } from '../members.ts'
import { liveSecretOf } from '../secrets.ts'
import { invalidRequest, notFound, type SecretsOperation } from '../secretsmanager.ts'
import type { Secret, SecretVersion } from '../state.ts'
import { CURRENT } from '../versions.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const INPUT = z.strictObject({
  SecretId: secretId,
  VersionId: token,
  VersionStage: z.optional(stage),
}) satisfies z.ZodType<GetSecretValueRequest>

export const getSecretValue: SecretsOperation<typeof INPUT, GetSecretValueResponse> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = liveSecretOf(manager, context, 'GetSecretValue', input.SecretId)
    const version = findVersion(secret, input.VersionId, input.VersionStage)
    const now = manager.cloud.clock.now()
    version.accessedOn = now - (now % DAY_MS)
    const { secretString, secretBinary } = version
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      ...(secretString === undefined ? {} : { SecretString: secretString }),
      ...(secretBinary === undefined ? {} : { SecretBinary: Buffer.from(secretBinary, 'base64') }),
      VersionStages: version.stages,
      CreatedDate: new Date(version.createdAt),
    }
  },
}

function findVersion(secret: Secret, id: string | undefined, stage: string | undefined): SecretVersion {
  if (id === undefined) {
    const wanted = stage ?? CURRENT
    const staged = secret.versions.find(version => version.stages.includes(wanted))
    if (!staged) throw notFound(` value for staging label: ${wanted}`)
    return staged
  }
  const version = secret.versions.find(candidate => candidate.id === id)
  if (!version) throw notFound(` value for VersionId: ${id}`)
  if (stage === undefined || version.stages.includes(stage)) return version
  throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.')
}
