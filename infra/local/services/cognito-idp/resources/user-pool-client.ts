import { z } from 'zod'
import type { ResourceProvider } from '../../../contract.ts'
import { readInput } from '../../../input/read-input.ts'
import { clientMembers, clientSettings } from '../client-settings.ts'
import { type Cognito, poolOf } from '../cognito.ts'
import { addClient } from '../create.ts'
import { DIALECT } from '../dialect.ts'
import { derivedName } from '../names.ts'

const PROPERTIES = z.strictObject(clientMembers)

/**
 * `AWS::Cognito::UserPoolClient` without OAuth flows. Id and secret follow from its place in the templates, so that what
 * a restart puts back goes on to work. The secret can be read as the attribute `ClientSecret`.
 */
export const userPoolClient =
  (cognito: Cognito): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    const given = readInput(DIALECT, type, PROPERTIES, properties)
    const pool = poolOf(cognito, given.UserPoolId)
    const settings = clientSettings(type, given.ClientName ?? `${stackName}-${logicalId}`, pool, given)
    const secret = given.GenerateSecret ? derivedName([stackName, logicalId, 'secret'], 52) : undefined
    const id = derivedName([stackName, logicalId], 26)
    const client = addClient(cognito, pool, id, settings, { secret, fromTemplate: true })
    return {
      ref: id,
      attributes: {
        ClientId: id,
        Name: client.name,
        ...(secret === undefined ? {} : { ClientSecret: secret }),
      },
    }
  }
