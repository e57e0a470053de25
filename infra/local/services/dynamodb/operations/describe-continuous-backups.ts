import type {
  DescribeContinuousBackupsCommandInput,
  DescribeContinuousBackupsCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { type Operation, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Dynamo, requiredName } from '../request.ts'

/** What the template asks for; nothing can be restored here. */
export function describeContinuousBackups({ tables }: Dynamo): Operation {
  return (
    input: DescribeContinuousBackupsCommandInput,
    { authorize },
  ): Omit<DescribeContinuousBackupsCommandOutput, '$metadata'> => {
    refuseUnknown('dynamodb DescribeContinuousBackups', input, ['TableName'])
    const name = requiredName(input.TableName)
    authorize('dynamodb:DescribeContinuousBackups', tables.arnOf(name))
    const settings = tables.settings.get(name)
    if (!settings) throw new ServiceError('TableNotFoundException', `Table not found: ${name}`)
    const status = settings.pointInTimeRecovery ? 'ENABLED' : 'DISABLED'
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
      },
    }
  }
}
