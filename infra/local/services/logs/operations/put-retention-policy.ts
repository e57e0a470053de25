import type { PutRetentionPolicyRequest } from '@aws-sdk/client-cloudwatch-logs'
import { z } from 'zod'
import { integer } from '../../../input/members.ts'
import { logGroupArn } from '../arn.ts'
import type { LogsOperation } from '../logs.ts'
import { groupName } from '../members.ts'
import { checkRetention } from '../retention.ts'
import { groupNamed } from '../state.ts'

const input = z.strictObject({
  logGroupName: groupName,
  retentionInDays: integer(),
}) satisfies z.ZodType<PutRetentionPolicyRequest>

export const putRetentionPolicy: LogsOperation<typeof input, undefined> = {
  input,
  run({ cloud, state }, { logGroupName, retentionInDays }, context) {
    context.authorize('logs:PutRetentionPolicy', `${logGroupArn(cloud, logGroupName)}:*`)
    const days = checkRetention(retentionInDays)
    const group = groupNamed(state, logGroupName)
    group.retentionDays = days
    group.retentionChanged = true
    cloud.clock.wrote()
    return undefined
  },
}
