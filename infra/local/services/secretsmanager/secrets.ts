import { createHash, randomBytes } from 'node:crypto'
import type { LocalTime, OperationContext } from '../../contract.ts'
import { invalidRequest, notFound, type SecretsManager } from './secretsmanager.ts'
import type { Secret } from './state.ts'

const SUFFIX = 7

const arnOf = ({ cloud }: SecretsManager, resource: string): string =>
  `arn:aws:secretsmanager:${cloud.region}:${cloud.accountId}:secret:${resource}`

const lettersOf = (bytes: Buffer): string => bytes.toString('base64url').replace(/[-_]/g, 'x').slice(0, 6)

/** The ARN of a secret that a call makes, with the six random characters that AWS adds. */
export const newArn = (manager: SecretsManager, name: string): string =>
  arnOf(manager, `${name}-${lettersOf(randomBytes(9))}`)

/** The ARN of a template's secret: its suffix follows from the name, the same at every start. */
export const templateArn = (manager: SecretsManager, name: string): string =>
  arnOf(manager, `${name}-${lettersOf(createHash('sha256').update(name).digest())}`)

/** Finds a secret by name, by ARN, or by ARN without its suffix. One whose recovery window has passed is gone. */
export function findSecret({ cloud, state }: SecretsManager, id: string): Secret | undefined {
  const now = cloud.clock.now()
  const found =
    state.secrets.get(id) ??
    [...state.secrets.values()].find(secret => secret.arn === id || secret.arn.slice(0, -SUFFIX) === id)
  return found && !isGone(found, now) ? found : undefined
}

export const isGone = ({ deletion }: Secret, now: LocalTime): boolean =>
  deletion !== undefined && deletion.dueAt <= now

/** The secret of a call that IAM allows; whoever may not ask is not told whether it is there. */
export function secretOf(
  manager: SecretsManager,
  context: OperationContext,
  action: string,
  id: string,
): Secret {
  const found = findSecret(manager, id)
  const asked = id.startsWith('arn:') ? id : arnOf(manager, id)
  context.authorize(`secretsmanager:${action}`, found?.arn ?? asked)
  if (!found) throw notFound()
  return found
}

/** As `secretOf`, for what cannot be done while the secret waits to be deleted. */
export function liveSecretOf(
  manager: SecretsManager,
  context: OperationContext,
  action: string,
  id: string,
): Secret {
  const found = secretOf(manager, context, action, id)
  if (found.deletion)
    throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
  return found
}
