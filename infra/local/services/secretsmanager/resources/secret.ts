import { randomUUID } from 'node:crypto'
import { type LocalCloud, type ResourceProvider, ServiceError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { generateSecretString } from '../generate-secret.ts'
import { addVersion, CURRENT, type Secret, type SecretsState, secretArn } from '../state.ts'

/** `AWS::SecretsManager::Secret`, with a given or a generated first version, or none. `Ref` is the ARN. */
export const secret =
  (cloud: LocalCloud, state: SecretsState): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['Name', 'Description', 'SecretString', 'GenerateSecretString', 'Tags'])
    if (properties.SecretString !== undefined && properties.GenerateSecretString !== undefined) {
      throw new ServiceError(
        'InvalidRequestException',
        `${logicalId}: SecretString and GenerateSecretString exclude each other.`,
      )
    }
    const name: string = properties.Name ?? generatedName(stackName, logicalId)
    if (state.secrets.has(name)) {
      throw new ServiceError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      )
    }
    const now = cloud.clock.now()
    const created: Secret = {
      name,
      arn: secretArn(cloud, name),
      ...(properties.Description ? { description: properties.Description } : {}),
      createdAt: now,
      changedAt: now,
      tags: properties.Tags ?? [],
      versions: [],
    }
    const value = properties.GenerateSecretString
      ? generateSecretString(properties.GenerateSecretString)
      : properties.SecretString
    if (value !== undefined) {
      addVersion(created, {
        id: randomUUID(),
        secretString: String(value),
        createdAt: now,
        stages: [CURRENT],
      })
    }
    state.secrets.set(name, created)
    return { ref: created.arn, attributes: { Id: created.arn } }
  }
