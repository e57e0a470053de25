import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ResourceProvider } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { readInput } from '../../../input/read-input.ts'
import { drawFrom, generateSecretString } from '../generate-secret.ts'
import { description, secretString, tags } from '../members.ts'
import { templateArn } from '../secrets.ts'
import { DIALECT, exists, invalidRequest, type SecretsManager } from '../secretsmanager.ts'
import type { Secret } from '../state.ts'
import { addVersion, CURRENT } from '../versions.ts'

const PROPERTIES = z.strictObject({
  Name: z.optional(z.string()),
  Description: description,
  SecretString: secretString,
  GenerateSecretString: z.optional(z.record(z.string(), z.unknown())),
  Tags: z.optional(tags),
})

/**
 * `AWS::SecretsManager::Secret`, with a given or a generated first version, or none. `Ref` is the ARN. What is generated
 * follows from the secret's name, so that everything that read it at an earlier start agrees with it.
 */
export const secret =
  (manager: SecretsManager): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    const given = readInput(DIALECT, type, PROPERTIES, properties)
    if (given.SecretString !== undefined && given.GenerateSecretString !== undefined)
      throw invalidRequest(`${logicalId}: SecretString and GenerateSecretString exclude each other.`)
    const { cloud, state } = manager
    const name = given.Name ?? generatedName(stackName, logicalId)
    if (state.secrets.has(name))
      throw exists(`The operation failed because the secret ${name} already exists.`)
    const value = given.GenerateSecretString
      ? generateSecretString(given.GenerateSecretString, drawFrom(`${stackName}/${logicalId}/${name}`))
      : given.SecretString
    const now = cloud.clock.now()
    const created: Secret = {
      name,
      arn: templateArn(manager, name),
      description: given.Description,
      createdAt: now,
      changedAt: now,
      tags: given.Tags ?? [],
      versions: [],
      template: { value },
    }
    if (value !== undefined)
      addVersion(created, { id: versionId(name), secretString: value, createdAt: now, stages: [CURRENT] })
    state.secrets.set(name, created)
    return { ref: created.arn, attributes: { Id: created.arn } }
  }

/** A version's id in the form of a UUID, the same at every start. */
function versionId(name: string): string {
  const digest = createHash('sha256').update(`${name}/version`).digest('hex')
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}
