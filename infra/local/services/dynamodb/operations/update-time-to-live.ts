import type { UpdateTimeToLiveCommandInput } from '@aws-sdk/client-dynamodb'
import { type Operation, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Dynamo, requiredName } from '../request.ts'

export function updateTimeToLive({ cloud, tables }: Dynamo): Operation {
  return (input: UpdateTimeToLiveCommandInput, { authorize }) => {
    refuseUnknown('dynamodb UpdateTimeToLive', input, ['TableName', 'TimeToLiveSpecification'])
    const name = requiredName(input.TableName)
    authorize('dynamodb:UpdateTimeToLive', tables.arnOf(name))
    const { AttributeName, Enabled } = input.TimeToLiveSpecification ?? {}
    if (typeof AttributeName !== 'string' || AttributeName === '' || typeof Enabled !== 'boolean')
      throw new ServiceError('ValidationException', 'TimeToLiveSpecification needs AttributeName and Enabled')
    const settings = tables.settingsOf(name)
    if (Enabled === (settings.expiresBy !== undefined))
      throw new ServiceError(
        'ValidationException',
        `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`,
      )
    if (Enabled) settings.expiresBy = AttributeName
    else delete settings.expiresBy
    cloud.clock.wrote()
    return { TimeToLiveSpecification: { AttributeName, Enabled } }
  }
}
