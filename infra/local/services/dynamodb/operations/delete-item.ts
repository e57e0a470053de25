import type { DeleteItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTable } from '../request.ts'

const KNOWN = [
  'TableName',
  'Key',
  'ConditionExpression',
  'ConditionalOperator',
  'Expected',
  'ReturnValuesOnConditionCheckFailure',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
] satisfies (keyof DeleteItemCommandInput)[]

export function deleteItem(dynamo: Dynamo): Operation {
  return (input: DeleteItemCommandInput, context) => onTable(dynamo, 'DeleteItem', input, KNOWN, context)
}
