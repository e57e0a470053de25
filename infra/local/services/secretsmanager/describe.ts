import type { SecretListEntry } from '@aws-sdk/client-secrets-manager'
import type { Secret } from './state.ts'

/** What `DescribeSecret` and `ListSecrets` both say. */
export function describeSecretOf(secret: Secret): SecretListEntry {
  const accessed = secret.versions.flatMap(version => version.accessedOn ?? [])
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description ? { Description: secret.description } : {}),
    ...(accessed.length > 0 ? { LastAccessedDate: new Date(Math.max(...accessed)) } : {}),
    ...(secret.deletion ? { DeletedDate: new Date(secret.deletion.askedAt) } : {}),
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt),
    Tags: secret.tags,
  }
}
