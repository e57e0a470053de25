import type { LocalCloud, Service } from '../../contract.ts'
import { describeSecret } from './operations/describe-secret.ts'
import { getSecretValue } from './operations/get-secret-value.ts'
import { listSecrets } from './operations/list-secrets.ts'
import { putSecretValue } from './operations/put-secret-value.ts'
import { secret } from './resources/secret.ts'
import type { SecretsState } from './state.ts'

/** Secrets Manager: secrets with versions and staging labels. */
export function createSecretsManagerService(cloud: LocalCloud): Service {
  const state: SecretsState = { secrets: new Map() }
  return {
    name: 'secretsmanager',
    signingName: 'secretsmanager',
    protocol: 'json',
    targetPrefix: 'secretsmanager',
    jsonVersion: '1.1',
    operations: {
      DescribeSecret: describeSecret(state),
      GetSecretValue: getSecretValue(state),
      ListSecrets: listSecrets(state),
      PutSecretValue: putSecretValue(cloud, state),
    },
    resources: { 'AWS::SecretsManager::Secret': secret(cloud, state) },
  }
}
