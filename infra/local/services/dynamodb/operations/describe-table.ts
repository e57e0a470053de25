import type { DescribeTableCommandInput, DescribeTableCommandOutput } from '@aws-sdk/client-dynamodb'
import db from 'dynalite/db/index.js'
import type { Operation } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Dynamo, requiredName } from '../request.ts'

/** Counts are current; DynamoDB renews them every six hours. */
export function describeTable({ tables }: Dynamo): Operation {
  return (input: DescribeTableCommandInput, { authorize }): Omit<DescribeTableCommandOutput, '$metadata'> => {
    refuseUnknown('dynamodb DescribeTable', input, ['TableName'])
    const name = requiredName(input.TableName)
    authorize('dynamodb:DescribeTable', tables.arnOf(name))
    const table = tables.find(name)
    const items = tables.store.items(name)
    let bytes = 0
    for (const item of items.values()) bytes += db.itemSize(item)
    return { Table: { ...table, ItemCount: items.size, TableSizeBytes: bytes } }
  }
}
