import type { UntagResourceRequest } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { text } from '../../../input/members.ts'
import { secretId } from '../members.ts'
import { liveSecretOf } from '../secrets.ts'
import type { SecretsOperation } from '../secretsmanager.ts'

const INPUT = z.strictObject({
  SecretId: secretId,
  TagKeys: z.array(text({ min: 1, max: 128 })),
}) satisfies z.ZodType<UntagResourceRequest>

export const untagResource: SecretsOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = liveSecretOf(manager, context, 'UntagResource', input.SecretId)
    secret.tags = secret.tags.filter(tag => !input.TagKeys.includes(tag.Key))
    manager.cloud.clock.wrote()
    return {}
  },
}
