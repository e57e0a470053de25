import type { DeleteUserPoolClientRequest } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import { type CognitoOperation, clientIn } from '../cognito.ts'
import { clientId, poolId } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  ClientId: clientId,
}) satisfies z.ZodType<DeleteUserPoolClientRequest>

export const deleteUserPoolClient: CognitoOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'DeleteUserPoolClient', input.UserPoolId)
    pool.clients.delete(clientIn(pool, input.ClientId).id)
    cognito.cloud.clock.wrote()
    return {}
  },
}
