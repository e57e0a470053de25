import type {
  ListSecretVersionIdsRequest,
  ListSecretVersionIdsResponse,
} from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { maxResults, nextToken, secretId } from '../members.ts'
import { paginate } from '../paginate.ts'
import { secretOf } from '../secrets.ts'
import type { SecretsOperation } from '../secretsmanager.ts'

const INPUT = z.strictObject({
  SecretId: secretId,
  MaxResults: maxResults,
  NextToken: nextToken,
  IncludeDeprecated: z.optional(z.boolean()),
}) satisfies z.ZodType<ListSecretVersionIdsRequest>

/** Deprecated versions are gone at once here, so that there are none to include. */
export const listSecretVersionIds: SecretsOperation<typeof INPUT, ListSecretVersionIdsResponse> = {
  input: INPUT,
  run(manager, input, context) {
    const secret = secretOf(manager, context, 'ListSecretVersionIds', input.SecretId)
    const { items, ...more } = paginate(secret.versions, input)
    const Versions = items.map(version => ({
      VersionId: version.id,
      VersionStages: version.stages,
      CreatedDate: new Date(version.createdAt),
      ...(version.accessedOn === undefined ? {} : { LastAccessedDate: new Date(version.accessedOn) }),
    }))
    return { ARN: secret.arn, Name: secret.name, Versions, ...more }
  },
}
