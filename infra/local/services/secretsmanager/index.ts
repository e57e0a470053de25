import type { LocalCloud, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { createSecret } from './operations/create-secret.ts'
import { deleteSecret } from './operations/delete-secret.ts'
import { describeSecret } from './operations/describe-secret.ts'
import { getRandomPassword } from './operations/get-random-password.ts'
import { getSecretValue } from './operations/get-secret-value.ts'
import { listSecretVersionIds } from './operations/list-secret-version-ids.ts'
import { listSecrets } from './operations/list-secrets.ts'
import { putSecretValue } from './operations/put-secret-value.ts'
import { restoreSecret } from './operations/restore-secret.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import { updateSecret } from './operations/update-secret.ts'
import { secret } from './resources/secret.ts'
import { DIALECT, type SecretsManager } from './secretsmanager.ts'
import { restore } from './snapshot.ts'

/** Secrets Manager: secrets with versions and staging labels. */
export function createSecretsManagerService(cloud: LocalCloud): Service {
  const manager: SecretsManager = { cloud, state: { secrets: new Map() } }
  return {
    name: 'secretsmanager',
    signingName: 'secretsmanager',
    protocol: 'json',
    targetPrefix: 'secretsmanager',
    jsonVersion: '1.1',
    operations: bindOperations(DIALECT, manager, {
      CreateSecret: createSecret,
      DeleteSecret: deleteSecret,
      DescribeSecret: describeSecret,
      GetRandomPassword: getRandomPassword,
      GetSecretValue: getSecretValue,
      ListSecretVersionIds: listSecretVersionIds,
      ListSecrets: listSecrets,
      PutSecretValue: putSecretValue,
      RestoreSecret: restoreSecret,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateSecret: updateSecret,
    }),
    resources: { 'AWS::SecretsManager::Secret': secret(manager) },
    snapshot: () => manager.state,
    restore: state => restore(manager, state),
  }
}
