import { z } from 'zod'
import type { ResourceProvider } from '../../../contract.ts'
import { readInput } from '../../../input/read-input.ts'
import { type Cognito, issuerOf } from '../cognito.ts'
import { addPool } from '../create.ts'
import { DIALECT } from '../dialect.ts'
import { derivedName } from '../names.ts'
import { poolMembers } from '../pool-members.ts'
import { poolSettings } from '../pool-settings.ts'

const PROPERTIES = z.strictObject({
  ...poolMembers,
  EnabledMfas: z.optional(z.array(z.string())),
  UserPoolName: z.optional(z.string()),
})

/** `AWS::Cognito::UserPool`. Its id follows from its place in the templates. */
export const userPool =
  (cognito: Cognito): ResourceProvider =>
  async ({ stackName, logicalId, type, properties }) => {
    const { UserPoolName, EnabledMfas: _, ...given } = readInput(DIALECT, type, PROPERTIES, properties)
    const settings = poolSettings(type, UserPoolName ?? `${stackName}-${logicalId}`, given)
    const { cloud } = cognito
    const id = `${cloud.region}_${derivedName([stackName, logicalId], 9)}`
    const pool = await addPool(cognito, id, settings, true)
    return {
      ref: id,
      attributes: {
        Arn: pool.arn,
        UserPoolId: id,
        ProviderName: `cognito-idp.${cloud.region}.amazonaws.com/${id}`,
        ProviderURL: issuerOf(cloud, id),
      },
    }
  }
