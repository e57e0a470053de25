import type { BatchWriteItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTables } from '../request.ts'

const KNOWN = [
  'RequestItems',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
] satisfies (keyof BatchWriteItemCommandInput)[]

export function batchWriteItem(dynamo: Dynamo): Operation {
  return (input: BatchWriteItemCommandInput, context) =>
    onTables(dynamo, 'BatchWriteItem', input, KNOWN, context)
}
