import type { ListSecretsRequest, ListSecretsResponse } from '@aws-sdk/client-secrets-manager'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type SecretsState, stagesByVersion } from '../state.ts'

export const listSecrets =
  (state: SecretsState) =>
  (input: ListSecretsRequest, context: OperationContext): ListSecretsResponse => {
    refuseUnknown('secretsmanager ListSecrets', input, [])
    context.authorize('secretsmanager:ListSecrets', '*')
    return {
      SecretList: [...state.secrets.values()].map(secret => ({
        ARN: secret.arn,
        Name: secret.name,
        ...(secret.description ? { Description: secret.description } : {}),
        CreatedDate: new Date(secret.createdAt),
        LastChangedDate: new Date(secret.changedAt),
        Tags: [...secret.tags],
        SecretVersionsToStages: stagesByVersion(secret),
      })),
    }
  }
