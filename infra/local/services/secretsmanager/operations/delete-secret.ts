import type { DeleteSecretRequest, DeleteSecretResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { secretId } from '../members.ts'
import { findSecret, secretOf } from '../secrets.ts'
import { invalidParameter, invalidRequest, type SecretsOperation } from '../secretsmanager.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const LONGEST_WINDOW_DAYS = 30
const SHORTEST_WINDOW_DAYS = 7

const INPUT = z.strictObject({
  SecretId: secretId,
  RecoveryWindowInDays: z.optional(integer()),
  ForceDeleteWithoutRecovery: z.optional(z.boolean()),
}) satisfies z.ZodType<DeleteSecretRequest>

/** Marks a secret for deletion: it can be restored until its window has passed, or is gone at once. */
export const deleteSecret: SecretsOperation<typeof INPUT, DeleteSecretResponse> = {
  input: INPUT,
  run(manager, input, context) {
    const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force = false } = input
    if (force && days !== undefined)
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      )
    if (days !== undefined && (days < SHORTEST_WINDOW_DAYS || days > LONGEST_WINDOW_DAYS))
      throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
    const now = manager.cloud.clock.now()
    // Forcing away what is not there is no failure.
    if (force && !findSecret(manager, input.SecretId)) {
      context.authorize('secretsmanager:DeleteSecret', '*')
      return { Name: input.SecretId, DeletionDate: new Date(now) }
    }
    const secret = secretOf(manager, context, 'DeleteSecret', input.SecretId)
    if (secret.deletion && !force)
      throw invalidRequest("You tried to perform the operation on a secret that's currently marked deleted.")
    const dueAt = force ? now : now + (days ?? LONGEST_WINDOW_DAYS) * DAY_MS
    if (force) manager.state.secrets.delete(secret.name)
    else secret.deletion = { askedAt: now, dueAt }
    manager.cloud.clock.wrote()
    return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(dueAt) }
  },
}
