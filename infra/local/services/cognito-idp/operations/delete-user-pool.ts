import type { DeleteUserPoolRequest } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { invalidParameter } from '../errors.ts'
import { poolId } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
}) satisfies z.ZodType<DeleteUserPoolRequest>

export const deleteUserPool: CognitoOperation<typeof INPUT, Record<string, never>> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'DeleteUserPool', input.UserPoolId)
    if (pool.protected)
      throw invalidParameter(
        'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
      )
    cognito.state.pools.delete(pool.id)
    cognito.cloud.clock.wrote()
    return {}
  },
}
