import type { GetSecretValueRequest, GetSecretValueResponse } from '@aws-sdk/client-secrets-manager'
import { type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { CURRENT, type Secret, type SecretsState, type SecretVersion, secretNamed } from '../state.ts'

export const getSecretValue =
  (state: SecretsState) =>
  (input: GetSecretValueRequest, context: OperationContext): GetSecretValueResponse => {
    refuseUnknown('secretsmanager GetSecretValue', input, ['SecretId', 'VersionId', 'VersionStage'])
    const secret = secretNamed(state, input.SecretId)
    context.authorize('secretsmanager:GetSecretValue', secret.arn)
    const version = findVersion(secret, input)
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      ...(version.secretString === undefined ? {} : { SecretString: version.secretString }),
      ...(version.secretBinary === undefined
        ? {}
        : { SecretBinary: Buffer.from(version.secretBinary, 'base64') }),
      VersionStages: [...version.stages],
      CreatedDate: new Date(version.createdAt),
    }
  }

function findVersion(secret: Secret, input: GetSecretValueRequest): SecretVersion {
  const stage = input.VersionStage ?? (input.VersionId ? undefined : CURRENT)
  const version = secret.versions.find(
    candidate =>
      (!input.VersionId || candidate.id === input.VersionId) && (!stage || candidate.stages.includes(stage)),
  )
  if (version) return version
  const what = input.VersionId ? `VersionId: ${input.VersionId}` : `staging label: ${stage}`
  throw new ServiceError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  )
}
