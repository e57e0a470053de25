import type { ListSecretsRequest, ListSecretsResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { choice, list, text } from '../../../input/members.ts'
import { describeSecretOf } from '../describe.ts'
import { matchesAll } from '../filter.ts'
import { maxResults, nextToken } from '../members.ts'
import { paginate } from '../paginate.ts'
import { isGone } from '../secrets.ts'
import type { SecretsOperation } from '../secretsmanager.ts'
import type { Secret } from '../state.ts'
import { stagesByVersion } from '../versions.ts'

const filter = z.strictObject({
  Key: z.optional(
    choice('description', 'name', 'tag-key', 'tag-value', 'primary-region', 'owning-service', 'all'),
  ),
  Values: z.optional(
    list(text({ max: 512, pattern: String.raw`!?[a-zA-Z0-9 :_@/+=.\-!]*` }), { min: 1, max: 10 }),
  ),
})

const INPUT = z.strictObject({
  IncludePlannedDeletion: z.optional(z.boolean()),
  MaxResults: maxResults,
  NextToken: nextToken,
  Filters: z.optional(list(filter, { max: 10 })),
  SortOrder: z.optional(choice('asc', 'desc')),
  SortBy: z.optional(choice('created-date', 'last-accessed-date', 'last-changed-date', 'name')),
}) satisfies z.ZodType<ListSecretsRequest>

export const listSecrets: SecretsOperation<typeof INPUT, ListSecretsResponse> = {
  input: INPUT,
  run({ cloud, state }, input, context) {
    context.authorize('secretsmanager:ListSecrets', '*')
    const now = cloud.clock.now()
    const found = [...state.secrets.values()]
      .filter(secret => !isGone(secret, now) && (input.IncludePlannedDeletion || !secret.deletion))
      .filter(matchesAll(input.Filters ?? []))
      .sort((a, b) => compare(rank(a, input.SortBy), rank(b, input.SortBy)))
    if (input.SortOrder !== 'asc') found.reverse()
    const { items, ...more } = paginate(found, input)
    const SecretList = items.map(secret => ({
      ...describeSecretOf(secret),
      SecretVersionsToStages: stagesByVersion(secret),
    }))
    return { SecretList, ...more }
  },
}

function rank(secret: Secret, by: string | undefined): number | string {
  if (by === 'name') return secret.name
  if (by === 'last-changed-date') return secret.changedAt
  if (by === 'last-accessed-date')
    return Math.max(0, ...secret.versions.map(version => version.accessedOn ?? 0))
  return secret.createdAt
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0)
