import type {
  DescribeUserPoolRequest,
  DescribeUserPoolResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { describePool } from '../describe.ts'
import { poolId } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
}) satisfies z.ZodType<DescribeUserPoolRequest>

export const describeUserPool: CognitoOperation<typeof INPUT, DescribeUserPoolResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'DescribeUserPool', input.UserPoolId)
    return { UserPool: describePool(pool) }
  },
}
