import type { CreateUserPoolRequest, CreateUserPoolResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { text } from '../../../input/members.ts'
import type { CognitoOperation } from '../cognito.ts'
import { addPool } from '../create.ts'
import { describePool } from '../describe.ts'
import { randomName } from '../names.ts'
import { poolMembers } from '../pool-members.ts'
import { poolSettings } from '../pool-settings.ts'

const INPUT = z.strictObject({
  PoolName: text({ min: 1, max: 128, pattern: String.raw`[\w\s+=,.@-]+` }),
  ...poolMembers,
}) satisfies z.ZodType<CreateUserPoolRequest>

export const createUserPool: CognitoOperation<typeof INPUT, CreateUserPoolResponse> = {
  input: INPUT,
  async run(cognito, input, context) {
    const { PoolName, ...settings } = input
    context.authorize('cognito-idp:CreateUserPool', '*')
    const id = `${cognito.cloud.region}_${randomName(9)}`
    const pool = await addPool(cognito, id, poolSettings('CreateUserPool', PoolName, settings), false)
    cognito.cloud.clock.wrote()
    return { UserPool: describePool(pool) }
  },
}
