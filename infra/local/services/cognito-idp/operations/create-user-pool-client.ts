import type {
  CreateUserPoolClientRequest,
  CreateUserPoolClientResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import { clientMembers, clientSettings } from '../client-settings.ts'
import type { CognitoOperation } from '../cognito.ts'
import { addClient } from '../create.ts'
import { describeClient } from '../describe.ts'
import { randomName } from '../names.ts'

const INPUT = z.strictObject({
  ...clientMembers,
  ClientName: clientMembers.ClientName.unwrap(),
}) satisfies z.ZodType<CreateUserPoolClientRequest>

export const createUserPoolClient: CognitoOperation<typeof INPUT, CreateUserPoolClientResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'CreateUserPoolClient', input.UserPoolId)
    const settings = clientSettings('CreateUserPoolClient', input.ClientName, pool, input)
    const secret = input.GenerateSecret ? randomName(52) : undefined
    const client = addClient(cognito, pool, randomName(26), settings, { secret, fromTemplate: false })
    cognito.cloud.clock.wrote()
    return { UserPoolClient: describeClient(pool, client) }
  },
}
