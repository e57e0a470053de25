import type { PutSecretValueRequest, PutSecretValueResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { list } from '../../../input/members.ts'
import { secretBinary, secretId, secretString, stage, token } from '../members.ts'
import { liveSecretOf } from '../secrets.ts'
import { invalidParameter, type SecretsOperation } from '../secretsmanager.ts'
import { CURRENT, hasValue, putVersion } from '../versions.ts'

const INPUT = z.strictObject({
  SecretId: secretId,
  ClientRequestToken: token,
  SecretString: secretString,
  SecretBinary: secretBinary,
  VersionStages: z.optional(list(stage, { min: 1, max: 20 })),
}) satisfies z.ZodType<Omit<PutSecretValueRequest, 'SecretBinary'>>

/** Adds a version; repeating a `ClientRequestToken` with the same content changes nothing. */
export const putSecretValue: SecretsOperation<typeof INPUT, PutSecretValueResponse> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = liveSecretOf(manager, context, 'PutSecretValue', input.SecretId)
    if (!hasValue(input)) throw invalidParameter('You must provide either SecretString or SecretBinary.')
    const { clock } = manager.cloud
    const { version, isNew } = putVersion(secret, input, input.VersionStages ?? [CURRENT], clock.now())
    if (isNew) clock.wrote()
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages }
  },
}
