import {
  type LocalCloud,
  physicalName,
  type ResourceProvider,
  ServiceError,
  UnsupportedError,
} from '../../../contract.ts'
import type { DynamoEngine } from '../engine.ts'
import type { TimeToLive } from '../time-to-live.ts'

const KNOWN = [
  'AttributeDefinitions',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'Replicas',
  'SSESpecification',
  'TableName',
  'TimeToLiveSpecification',
]

/** Protection, backups, tags and insights change nothing that a call could see here. */
const KNOWN_OF_REPLICA = [
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'PointInTimeRecoverySpecification',
  'Region',
  'Tags',
]

/** `AWS::DynamoDB::GlobalTable`, what CDK's `TableV2` becomes: on demand, one Region. */
export function createGlobalTable(
  cloud: LocalCloud,
  engine: DynamoEngine,
  timeToLive: TimeToLive,
): ResourceProvider {
  return async ({ properties, stackName, logicalId, type }) => {
    refuseUnknown(properties, KNOWN, type)
    for (const replica of properties.Replicas ?? []) {
      refuseUnknown(replica, KNOWN_OF_REPLICA, `${type} Replicas`)
      if (replica.Region !== cloud.region)
        throw new UnsupportedError(`a replica in ${replica.Region} of ${type}`)
    }
    if (properties.BillingMode !== 'PAY_PER_REQUEST')
      throw new UnsupportedError(`provisioned capacity of ${type}`)
    const name = String(properties.TableName ?? physicalName({ stackName, logicalId }, 255))
    const answer = await engine.run('CreateTable', {
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      BillingMode: 'PAY_PER_REQUEST',
      ...(properties.GlobalSecondaryIndexes
        ? { GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes }
        : {}),
      ...(properties.LocalSecondaryIndexes
        ? { LocalSecondaryIndexes: properties.LocalSecondaryIndexes }
        : {}),
    })
    const body = JSON.parse(String(answer.body)) as { __type?: string; message?: string }
    if (answer.status !== 200)
      throw new ServiceError(body.__type ?? 'ValidationException', body.message ?? '')
    if (properties.TimeToLiveSpecification) timeToLive.set(name, properties.TimeToLiveSpecification)
    const arn = `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${name}`
    return { ref: name, attributes: { Arn: arn, TableId: name } }
  }
}

function refuseUnknown(
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
): void {
  const unknown = Object.keys(value).filter(name => !known.includes(name))
  if (unknown.length > 0) throw new UnsupportedError(`${unknown.join(', ')} of ${where}`)
}
