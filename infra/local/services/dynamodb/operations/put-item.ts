import type { PutItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTable } from '../request.ts'

const KNOWN = [
  'TableName',
  'Item',
  'ConditionExpression',
  'ConditionalOperator',
  'Expected',
  'ReturnValuesOnConditionCheckFailure',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
] satisfies (keyof PutItemCommandInput)[]

export function putItem(dynamo: Dynamo): Operation {
  return (input: PutItemCommandInput, context) => onTable(dynamo, 'PutItem', input, KNOWN, context)
}
