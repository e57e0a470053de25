import type { ScanCommandInput } from '@aws-sdk/client-dynamodb'
import type { Operation } from '../../../contract.ts'
import { type Dynamo, onTable } from '../request.ts'

const KNOWN = [
  'TableName',
  'ScanFilter',
  'Segment',
  'TotalSegments',
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
] satisfies (keyof ScanCommandInput)[]

export function scan(dynamo: Dynamo): Operation {
  return (input: ScanCommandInput, context) => onTable(dynamo, 'Scan', input, KNOWN, context)
}
