import type { RestoreSecretRequest, RestoreSecretResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { secretId } from '../members.ts'
import { secretOf } from '../secrets.ts'
import type { SecretsOperation } from '../secretsmanager.ts'

const INPUT = z.strictObject({ SecretId: secretId }) satisfies z.ZodType<RestoreSecretRequest>

/** Takes a secret back from being deleted; one that is not marked stays as it is. */
export const restoreSecret: SecretsOperation<typeof INPUT, RestoreSecretResponse> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = secretOf(manager, context, 'RestoreSecret', input.SecretId)
    delete secret.deletion
    manager.cloud.clock.wrote()
    return { ARN: secret.arn, Name: secret.name }
  },
}
