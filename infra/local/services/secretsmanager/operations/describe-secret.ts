import type { DescribeSecretRequest, DescribeSecretResponse } from '@aws-sdk/client-secrets-manager'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type SecretsState, secretNamed, stagesByVersion } from '../state.ts'

export const describeSecret =
  (state: SecretsState) =>
  (input: DescribeSecretRequest, context: OperationContext): DescribeSecretResponse => {
    refuseUnknown('secretsmanager DescribeSecret', input, ['SecretId'])
    const secret = secretNamed(state, input.SecretId)
    context.authorize('secretsmanager:DescribeSecret', secret.arn)
    return {
      ARN: secret.arn,
      Name: secret.name,
      ...(secret.description ? { Description: secret.description } : {}),
      CreatedDate: new Date(secret.createdAt),
      LastChangedDate: new Date(secret.changedAt),
      Tags: [...secret.tags],
      VersionIdsToStages: stagesByVersion(secret),
    }
  }
