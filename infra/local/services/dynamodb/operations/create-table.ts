import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Dynamo, tableName } from '../request.ts'

const KNOWN = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
  'TableName',
  'Tags',
] satisfies (keyof CreateTableCommandInput)[]

/** The table is there at once; provisioned capacity is described and limits nothing. */
export function createTable({ cloud, tables }: Dynamo): Operation {
  return (input: CreateTableCommandInput, { authorize }) => {
    refuseUnknown('dynamodb CreateTable', input, KNOWN)
    authorize('dynamodb:CreateTable', tables.arnOf(tableName(input.TableName)))
    const { Tags: tags = [], ...rest } = input
    const table = tables.create(rest, { tags, pointInTimeRecovery: false, provisioned: false })
    cloud.clock.wrote()
    return { TableDescription: table }
  }
}
