import type { UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTable } from '../request.ts'

const KNOWN = [
  'TableName',
  'Key',
  'UpdateExpression',
  'AttributeUpdates',
  'ConditionExpression',
  'ConditionalOperator',
  'Expected',
  'ReturnValuesOnConditionCheckFailure',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
] satisfies (keyof UpdateItemCommandInput)[]

export function updateItem(dynamo: Dynamo): Operation {
  return (input: UpdateItemCommandInput, context) => onTable(dynamo, 'UpdateItem', input, KNOWN, context)
}
