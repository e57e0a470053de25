import { createHash } from 'node:crypto'
import { type LocalCloud, ServiceError } from '../../contract.ts'

export type SecretVersion = {
  readonly id: string
  readonly secretString?: string
  /** Base64. */
  readonly secretBinary?: string
  readonly createdAt: number
  stages: string[]
}

export type Secret = {
  readonly name: string
  readonly arn: string
  readonly description?: string
  readonly createdAt: number
  changedAt: number
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  readonly versions: SecretVersion[]
}

export type SecretsState = { readonly secrets: Map<string, Secret> }

export const CURRENT = 'AWSCURRENT'
export const PREVIOUS = 'AWSPREVIOUS'

/** AWS adds six random characters; these are derived from the name so that every start gives the same ARN. */
export function secretArn(cloud: LocalCloud, name: string): string {
  const suffix = createHash('sha256').update(name).digest('base64url').replace(/[-_]/g, 'x').slice(0, 6)
  return `arn:aws:secretsmanager:${cloud.region}:${cloud.accountId}:secret:${name}-${suffix}`
}

/** Finds a secret by name, by ARN, or by ARN without its suffix. */
export function secretNamed(state: SecretsState, id: string | undefined): Secret {
  const byName = state.secrets.get(id ?? '')
  if (byName) return byName
  for (const secret of state.secrets.values()) {
    if (secret.arn === id || secret.arn.slice(0, -7) === id) return secret
  }
  throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
}

/** Adds a version and moves its stages to it; what was current becomes previous. */
export function addVersion(secret: Secret, version: SecretVersion): void {
  const wasCurrent = secret.versions.find(other => other.stages.includes(CURRENT))
  for (const other of secret.versions) {
    const losesPrevious = version.stages.includes(CURRENT) && other.stages.includes(PREVIOUS)
    other.stages = other.stages.filter(
      stage => !version.stages.includes(stage) && !(losesPrevious && stage === PREVIOUS),
    )
  }
  if (wasCurrent && version.stages.includes(CURRENT)) wasCurrent.stages.push(PREVIOUS)
  secret.versions.push(version)
  secret.changedAt = version.createdAt
  // Versions without a stage are deprecated and AWS removes them: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
  secret.versions.splice(
    0,
    secret.versions.length,
    ...secret.versions.filter(other => other.stages.length > 0),
  )
}

export const stagesByVersion = (secret: Secret): Record<string, string[]> =>
  Object.fromEntries(secret.versions.map(version => [version.id, version.stages]))
