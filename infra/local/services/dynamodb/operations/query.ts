import type { QueryCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTable } from '../request.ts'

const KNOWN = [
  'TableName',
  'KeyConditionExpression',
  'KeyConditions',
  'QueryFilter',
  'ScanIndexForward',
  'AttributesToGet',
  'ConsistentRead',
  'IndexName',
  'Limit',
  'ExclusiveStartKey',
  'Select',
  'FilterExpression',
  'ConditionalOperator',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
] satisfies (keyof QueryCommandInput)[]

export function query(dynamo: Dynamo): Operation {
  return (input: QueryCommandInput, context) => onTable(dynamo, 'Query', input, KNOWN, context)
}
