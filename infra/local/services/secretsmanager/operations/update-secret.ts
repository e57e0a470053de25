import type { UpdateSecretRequest, UpdateSecretResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { description, secretBinary, secretId, secretString, token } from '../members.ts'
import { liveSecretOf } from '../secrets.ts'
import type { SecretsOperation } from '../secretsmanager.ts'
import { CURRENT, hasValue, putVersion } from '../versions.ts'

const INPUT = z.strictObject({
  SecretId: secretId,
  ClientRequestToken: token,
  Description: description,
  SecretString: secretString,
  SecretBinary: secretBinary,
}) satisfies z.ZodType<Omit<UpdateSecretRequest, 'SecretBinary'>>

/** Changes the description, and with a value makes a new current version. */
export const updateSecret: SecretsOperation<typeof INPUT, UpdateSecretResponse> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = liveSecretOf(manager, context, 'UpdateSecret', input.SecretId)
    const { clock } = manager.cloud
    const put = hasValue(input) ? putVersion(secret, input, [CURRENT], clock.now()) : undefined
    if (input.Description !== undefined) secret.description = input.Description
    secret.changedAt = clock.now()
    clock.wrote()
    return { ARN: secret.arn, Name: secret.name, ...(put ? { VersionId: put.version.id } : {}) }
  },
}
