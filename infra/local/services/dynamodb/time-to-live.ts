import { type LocalCloud, type Operation, ServiceError } from '../../contract.ts'

type Setting = { readonly AttributeName: string; readonly Enabled: boolean }

export type TimeToLive = {
  set(tableName: string, setting: Setting): void
  readonly operations: Readonly<Record<string, Operation>>
}

/** Time to live is kept and described, and expires nothing: DynamoDB gives itself days for it, so no reader may rely on it. */
export function createTimeToLive(cloud: LocalCloud): TimeToLive {
  const settings = new Map<string, Setting>()
  const arnOf = (name: string) => `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${name}`

  const update: Operation = (input, { authorize }) => {
    const name = String(input.TableName)
    authorize('dynamodb:UpdateTimeToLive', arnOf(name))
    const { AttributeName, Enabled } = input.TimeToLiveSpecification ?? {}
    if (typeof AttributeName !== 'string' || typeof Enabled !== 'boolean') {
      throw new ServiceError('ValidationException', 'TimeToLiveSpecification needs AttributeName and Enabled')
    }
    settings.set(name, { AttributeName, Enabled })
    return { TimeToLiveSpecification: { AttributeName, Enabled } }
  }

  const describe: Operation = (input, { authorize }) => {
    const name = String(input.TableName)
    authorize('dynamodb:DescribeTimeToLive', arnOf(name))
    const setting = settings.get(name)
    const description = setting?.Enabled
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: setting.AttributeName }
      : { TimeToLiveStatus: 'DISABLED' }
    return { TimeToLiveDescription: description }
  }

  return {
    set: (tableName, setting) => void settings.set(tableName, setting),
    operations: { UpdateTimeToLive: update, DescribeTimeToLive: describe },
  }
}
