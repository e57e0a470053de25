import type { CreateSecretRequest, CreateSecretResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { text } from '../../../input/members.ts'
import { description, secretBinary, secretString, tags, token } from '../members.ts'
import { findSecret, newArn } from '../secrets.ts'
import { exists, invalidRequest, type SecretsOperation } from '../secretsmanager.ts'
import type { Secret } from '../state.ts'
import { CURRENT, type GivenValue, hasValue, putVersion } from '../versions.ts'

const INPUT = z.strictObject({
  Name: text({ min: 1, max: 512 }),
  ClientRequestToken: token,
  Description: description,
  SecretString: secretString,
  SecretBinary: secretBinary,
  Tags: z.optional(tags),
}) satisfies z.ZodType<Omit<CreateSecretRequest, 'SecretBinary'>>

/** Repeating it with the same token and value changes nothing. */
export const createSecret: SecretsOperation<typeof INPUT, CreateSecretResponse> = {
  input: INPUT,
  run(manager, input, context) {
    if (!/^[\w/+=.@!-]+$/.test(input.Name))
      throw new ServiceError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      )
    const { cloud, state } = manager
    const existing = findSecret(manager, input.Name)
    const arn = existing?.arn ?? newArn(manager, input.Name)
    context.authorize('secretsmanager:CreateSecret', arn)
    if (existing) return repeated(existing, input)
    const now = cloud.clock.now()
    const created: Secret = {
      name: input.Name,
      arn,
      description: input.Description,
      createdAt: now,
      changedAt: now,
      tags: input.Tags ?? [],
      versions: [],
    }
    const version = hasValue(input) ? putVersion(created, input, [CURRENT], now).version : undefined
    state.secrets.set(created.name, created)
    cloud.clock.wrote()
    return { ARN: arn, Name: created.name, ...(version ? { VersionId: version.id } : {}) }
  },
}

function repeated(existing: Secret, input: GivenValue): CreateSecretResponse {
  if (existing.deletion)
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    )
  const version = existing.versions.find(one => one.id === input.ClientRequestToken)
  const same = version?.secretString === input.SecretString && version?.secretBinary === input.SecretBinary
  if (!version || !same)
    throw exists(`The operation failed because the secret ${existing.name} already exists.`)
  return { ARN: existing.arn, Name: existing.name, VersionId: version.id }
}
