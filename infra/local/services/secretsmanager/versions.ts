import { randomUUID } from 'node:crypto'
import type { LocalTime } from '../../contract.ts'
import { exists, invalidParameter } from './secretsmanager.ts'
import type { Secret, SecretVersion } from './state.ts'

export const CURRENT = 'AWSCURRENT'
export const PREVIOUS = 'AWSPREVIOUS'

/** A value as calls bring it. */
export type GivenValue = {
  readonly ClientRequestToken?: string | undefined
  readonly SecretString?: string | undefined
  readonly SecretBinary?: string | undefined
}

export const hasValue = (given: GivenValue): boolean =>
  given.SecretString !== undefined || given.SecretBinary !== undefined

/** Adds a version, or answers the one that the same token made with the same value. */
export function putVersion(
  secret: Secret,
  given: GivenValue,
  stages: readonly string[],
  now: LocalTime,
): { version: SecretVersion; isNew: boolean } {
  const { SecretString: secretString, SecretBinary: secretBinary } = given
  if (secretString !== undefined && secretBinary !== undefined)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    )
  const repeated = secret.versions.find(version => version.id === given.ClientRequestToken)
  if (repeated) {
    if (repeated.secretString === secretString && repeated.secretBinary === secretBinary)
      return { version: repeated, isNew: false }
    throw exists(
      `You can't use ClientRequestToken ${given.ClientRequestToken} because that value is already in use for a version of secret ${secret.arn}.`,
    )
  }
  const version: SecretVersion = {
    id: given.ClientRequestToken ?? randomUUID(),
    secretString,
    secretBinary,
    createdAt: now,
    // The first version is the current one, whatever it is called besides.
    stages: [...new Set(secret.versions.length === 0 ? [...stages, CURRENT] : stages)],
  }
  addVersion(secret, version)
  return { version, isNew: true }
}

/** Adds a version and moves its stages to it; what was current becomes previous. */
export function addVersion(secret: Secret, version: SecretVersion): void {
  const becomesCurrent = version.stages.includes(CURRENT)
  const wasCurrent = becomesCurrent
    ? secret.versions.find(other => other.stages.includes(CURRENT))
    : undefined
  for (const other of secret.versions) {
    other.stages = other.stages.filter(
      stage => !version.stages.includes(stage) && !(wasCurrent && stage === PREVIOUS),
    )
  }
  wasCurrent?.stages.push(PREVIOUS)
  secret.changedAt = version.createdAt
  // Versions without a stage are deprecated and AWS removes them: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
  secret.versions = [...secret.versions, version].filter(other => other.stages.length > 0)
}

export const stagesByVersion = (secret: Secret): Record<string, string[]> =>
  Object.fromEntries(secret.versions.map(version => [version.id, version.stages]))
