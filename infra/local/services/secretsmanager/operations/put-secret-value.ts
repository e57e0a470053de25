import { randomUUID } from 'node:crypto'
import type { PutSecretValueRequest, PutSecretValueResponse } from '@aws-sdk/client-secrets-manager'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import {
  addVersion,
  CURRENT,
  type Secret,
  type SecretsState,
  type SecretVersion,
  secretNamed,
} from '../state.ts'

const KNOWN = ['SecretId', 'ClientRequestToken', 'SecretString', 'SecretBinary', 'VersionStages']

/** Adds a version; repeating a `ClientRequestToken` with the same content changes nothing. */
export const putSecretValue =
  (cloud: LocalCloud, state: SecretsState) =>
  (input: PutSecretValueRequest, context: OperationContext): PutSecretValueResponse => {
    refuseUnknown('secretsmanager PutSecretValue', input, KNOWN)
    const secret = secretNamed(state, input.SecretId)
    context.authorize('secretsmanager:PutSecretValue', secret.arn)
    const version = repeated(secret, input) ?? create(cloud, secret, input)
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] }
  }

function repeated(secret: Secret, input: PutSecretValueRequest): SecretVersion | undefined {
  const version = secret.versions.find(candidate => candidate.id === input.ClientRequestToken)
  if (!version) return undefined
  if (version.secretString === input.SecretString && version.secretBinary === binaryOf(input)) return version
  throw new ServiceError(
    'ResourceExistsException',
    `A resource with the ID you requested already exists: ClientRequestToken ${input.ClientRequestToken}`,
  )
}

function create(cloud: LocalCloud, secret: Secret, input: PutSecretValueRequest): SecretVersion {
  const secretBinary = binaryOf(input)
  if ((input.SecretString === undefined) === (secretBinary === undefined)) {
    throw new ServiceError(
      'InvalidParameterException',
      'You must provide either SecretString or SecretBinary.',
    )
  }
  const version: SecretVersion = {
    id: input.ClientRequestToken ?? randomUUID(),
    ...(input.SecretString === undefined ? {} : { secretString: input.SecretString }),
    ...(secretBinary === undefined ? {} : { secretBinary }),
    createdAt: cloud.clock.now(),
    stages: [...(input.VersionStages ?? [CURRENT])],
  }
  addVersion(secret, version)
  cloud.clock.wrote()
  return version
}

/** Blobs are base64 text on the wire. */
function binaryOf(input: PutSecretValueRequest): string | undefined {
  const binary: unknown = input.SecretBinary
  return typeof binary === 'string' ? binary : undefined
}
