import type { LocalCloud, Service } from '../../contract.ts'
import { expireItems } from './expire-items.ts'
import { batchGetItem } from './operations/batch-get-item.ts'
import { batchWriteItem } from './operations/batch-write-item.ts'
import { createTable } from './operations/create-table.ts'
import { deleteItem } from './operations/delete-item.ts'
import { deleteTable } from './operations/delete-table.ts'
import { describeContinuousBackups } from './operations/describe-continuous-backups.ts'
import { describeTable } from './operations/describe-table.ts'
import { describeTimeToLive } from './operations/describe-time-to-live.ts'
import { getItem } from './operations/get-item.ts'
import { listTables } from './operations/list-tables.ts'
import { listTagsOfResource } from './operations/list-tags-of-resource.ts'
import { putItem } from './operations/put-item.ts'
import { query } from './operations/query.ts'
import { scan } from './operations/scan.ts'
import { updateItem } from './operations/update-item.ts'
import { updateTimeToLive } from './operations/update-time-to-live.ts'
import { createReaders } from './readers.ts'
import type { Dynamo } from './request.ts'
import { createGlobalTable } from './resources/global-table.ts'
import { captureTables, createTables, restoreTables, type TablesState } from './tables.ts'

/** DynamoDB: dynalite's expressions and checks on a store of our own. What they do not do is refused, not ignored. */
export function createDynamoDbService(cloud: LocalCloud): Service {
  const tables = createTables(cloud)
  const dynamo: Dynamo = { cloud, tables, readers: createReaders() }
  const expiry = cloud.clock.every(expireItems(dynamo))
  return {
    name: 'dynamodb',
    signingName: 'dynamodb',
    protocol: 'json',
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    operations: {
      BatchGetItem: batchGetItem(dynamo),
      BatchWriteItem: batchWriteItem(dynamo),
      CreateTable: createTable(dynamo),
      DeleteItem: deleteItem(dynamo),
      DeleteTable: deleteTable(dynamo),
      DescribeContinuousBackups: describeContinuousBackups(dynamo),
      DescribeTable: describeTable(dynamo),
      DescribeTimeToLive: describeTimeToLive(dynamo),
      GetItem: getItem(dynamo),
      ListTables: listTables(dynamo),
      ListTagsOfResource: listTagsOfResource(dynamo),
      PutItem: putItem(dynamo),
      Query: query(dynamo),
      Scan: scan(dynamo),
      UpdateItem: updateItem(dynamo),
      UpdateTimeToLive: updateTimeToLive(dynamo),
    },
    resources: { 'AWS::DynamoDB::GlobalTable': createGlobalTable(cloud, tables) },
    snapshot: () => captureTables(tables),
    restore: state => restoreTables(tables, state as TablesState),
    async stop() {
      expiry.cancel()
    },
  }
}
