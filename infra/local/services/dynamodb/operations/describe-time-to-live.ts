import type {
  DescribeTimeToLiveCommandInput,
  DescribeTimeToLiveCommandOutput,
} from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Dynamo, requiredName } from '../request.ts'

export function describeTimeToLive({ tables }: Dynamo): Operation {
  return (
    input: DescribeTimeToLiveCommandInput,
    { authorize },
  ): Omit<DescribeTimeToLiveCommandOutput, '$metadata'> => {
    refuseUnknown('dynamodb DescribeTimeToLive', input, ['TableName'])
    const name = requiredName(input.TableName)
    authorize('dynamodb:DescribeTimeToLive', tables.arnOf(name))
    const { expiresBy } = tables.settingsOf(name)
    return {
      TimeToLiveDescription:
        expiresBy === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: expiresBy },
    }
  }
}
