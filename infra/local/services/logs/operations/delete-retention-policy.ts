import type { DeleteRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs'
import { z } from 'zod'
import { logGroupArn } from '../arn.ts'
import type { LogsOperation } from '../logs.ts'
import { groupName } from '../members.ts'
import { groupNamed } from '../state.ts'

const input = z.strictObject({ logGroupName: groupName }) satisfies z.ZodType<DeleteRetentionPolicyRequest>

export const deleteRetentionPolicy: LogsOperation<typeof input, undefined> = {
  input,
  run({ cloud, state }, { logGroupName }, context) {
    context.authorize('logs:DeleteRetentionPolicy', `${logGroupArn(cloud, logGroupName)}:*`)
    const group = groupNamed(state, logGroupName)
    group.retentionDays = undefined
    group.retentionChanged = true
    cloud.clock.wrote()
    return undefined
  },
}
