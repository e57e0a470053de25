import type { TagResourceRequest } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { secretId, tags } from '../members.ts'
import { liveSecretOf } from '../secrets.ts'
import { invalidParameter, type SecretsOperation } from '../secretsmanager.ts'

const MAX_TAGS = 50

const INPUT = z.strictObject({ SecretId: secretId, Tags: tags }) satisfies z.ZodType<TagResourceRequest>

export const tagResource: SecretsOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = liveSecretOf(manager, context, 'TagResource', input.SecretId)
    const merged = new Map([...secret.tags, ...input.Tags].map(tag => [tag.Key, tag]))
    if (merged.size > MAX_TAGS) throw invalidParameter(`A secret can have at most ${MAX_TAGS} tags.`)
    secret.tags = [...merged.values()]
    manager.cloud.clock.wrote()
    return {}
  },
}
