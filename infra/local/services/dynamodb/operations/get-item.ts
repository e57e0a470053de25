import type { GetItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTable } from '../request.ts'

const KNOWN = [
  'TableName',
  'Key',
  'AttributesToGet',
  'ConsistentRead',
  'ExpressionAttributeNames',
  'ProjectionExpression',
  'ReturnConsumedCapacity',
] satisfies (keyof GetItemCommandInput)[]

export function getItem(dynamo: Dynamo): Operation {
  return (input: GetItemCommandInput, context) => onTable(dynamo, 'GetItem', input, KNOWN, context)
}
