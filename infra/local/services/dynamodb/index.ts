import type { LocalCloud, Service } from '../../contract.ts'
import { createDynamoEngine } from './engine.ts'
import { dynamoOperations } from './operations.ts'
import { createGlobalTable } from './resources/global-table.ts'
import { createTimeToLive } from './time-to-live.ts'

/** DynamoDB through dynalite. What dynalite does not do is refused, not ignored. */
export function createDynamoDbService(cloud: LocalCloud): Service {
  const engine = createDynamoEngine()
  const timeToLive = createTimeToLive(cloud)
  return {
    name: 'dynamodb',
    signingName: 'dynamodb',
    protocol: 'json',
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    operations: { ...dynamoOperations(cloud, engine), ...timeToLive.operations },
    resources: { 'AWS::DynamoDB::GlobalTable': createGlobalTable(cloud, engine, timeToLive) },
    stop: () => engine.stop(),
  }
}
