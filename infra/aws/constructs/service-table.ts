import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { acknowledgeBelow } from '../acknowledge.ts'

/**
 * The one shape of our tables: `pk`/`sk`, on demand, point-in-time recovery, kept when the stack goes. With an outbox,
 * the sparse index `unpublished` finds items whose events a crash left unpublished.
 */
export function serviceTable(
  scope: Construct,
  id: string,
  tableName: string,
  options: { outbox: boolean },
): TableV2 {
  const table = new TableV2(scope, id, {
    tableName,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    globalSecondaryIndexes: options.outbox
      ? [
          {
            indexName: 'unpublished',
            partitionKey: { name: 'outbox', type: AttributeType.STRING },
            sortKey: { name: 'outboxAt', type: AttributeType.STRING },
            projectionType: ProjectionType.KEYS_ONLY,
          },
        ]
      : [],
  })
  if (options.outbox) acknowledgeBelow(table, '/index/*', 'The table has one index, of its own outbox.')
  return table
}
