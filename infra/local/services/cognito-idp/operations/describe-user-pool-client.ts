import type {
  DescribeUserPoolClientRequest,
  DescribeUserPoolClientResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import { type CognitoOperation, clientIn } from '../cognito.ts'
import { describeClient } from '../describe.ts'
import { clientId, poolId } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  ClientId: clientId,
}) satisfies z.ZodType<DescribeUserPoolClientRequest>

/** Shows the client secret too, as AWS does to whoever may call it. */
export const describeUserPoolClient: CognitoOperation<typeof INPUT, DescribeUserPoolClientResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'DescribeUserPoolClient', input.UserPoolId)
    return { UserPoolClient: describeClient(pool, clientIn(pool, input.ClientId)) }
  },
}
