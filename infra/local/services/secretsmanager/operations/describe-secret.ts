import type { DescribeSecretRequest, DescribeSecretResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { describeSecretOf } from '../describe.ts'
import { secretId } from '../members.ts'
import { secretOf } from '../secrets.ts'
import type { SecretsOperation } from '../secretsmanager.ts'
import { stagesByVersion } from '../versions.ts'

const INPUT = z.strictObject({ SecretId: secretId }) satisfies z.ZodType<DescribeSecretRequest>

export const describeSecret: SecretsOperation<typeof INPUT, DescribeSecretResponse> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = secretOf(manager, context, 'DescribeSecret', input.SecretId)
    return { ...describeSecretOf(secret), VersionIdsToStages: stagesByVersion(secret) }
  },
}
