import { type LocalCloud, physicalName, type ResourceProvider, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Tables } from '../tables.ts'

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

/** Encryption, insights and the indexes' settings of a replica change nothing that a call could see here. */
const KNOWN_OF_REPLICA = [
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'PointInTimeRecoverySpecification',
  'Region',
  'Tags',
]

/** `AWS::DynamoDB::GlobalTable`, what CDK's `TableV2` becomes: on demand, one Region. */
export function createGlobalTable(cloud: Pick<LocalCloud, 'region'>, tables: Tables): ResourceProvider {
  return ({ properties, stackName, logicalId, type }) => {
    refuseUnknown(type, properties, KNOWN)
    const [replica = {}, ...others] = properties.Replicas ?? []
    refuseUnknown(`${type} Replicas`, replica, KNOWN_OF_REPLICA)
    if (others.length > 0 || replica.Region !== cloud.region)
      throw new UnsupportedError(`replicas in other Regions of ${type}`)
    if (properties.BillingMode !== 'PAY_PER_REQUEST')
      throw new UnsupportedError(`provisioned capacity of ${type}`)
    const name = String(properties.TableName ?? physicalName({ stackName, logicalId }, 255))
    const { AttributeName: expiresBy, Enabled: expires } = properties.TimeToLiveSpecification ?? {}
    const table = tables.create(
      {
        TableName: name,
        AttributeDefinitions: properties.AttributeDefinitions,
        KeySchema: properties.KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: replica.DeletionProtectionEnabled === true,
        ...(properties.GlobalSecondaryIndexes && {
          GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes,
        }),
        ...(properties.LocalSecondaryIndexes && { LocalSecondaryIndexes: properties.LocalSecondaryIndexes }),
      },
      {
        ...(expires === true && { expiresBy }),
        tags: replica.Tags ?? [],
        pointInTimeRecovery: replica.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true,
        provisioned: true,
      },
    )
    return { ref: name, attributes: { Arn: tables.arnOf(name), TableId: table.TableId ?? '' } }
  }
}
