import type { BatchGetItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTables } from '../request.ts'

const KNOWN = ['RequestItems', 'ReturnConsumedCapacity'] satisfies (keyof BatchGetItemCommandInput)[]

export function batchGetItem(dynamo: Dynamo): Operation {
  return (input: BatchGetItemCommandInput, context) => onTables(dynamo, 'BatchGetItem', input, KNOWN, context)
}
