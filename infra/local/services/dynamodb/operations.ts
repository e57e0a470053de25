import { type LocalCloud, type Operation, ServiceError, UnsupportedError } from '../../contract.ts'
import type { DynamoEngine } from './engine.ts'

type Shape = {
  /** Members of the input that dynalite honours. Others are refused: it would ignore them. */
  readonly members: readonly string[]
  readonly writes?: boolean
  /** Names of the tables (and indexes) the call touches, when that is not `TableName` and `IndexName`. */
  readonly tables?: (input: Input) => readonly string[]
}

type Input = Readonly<Record<string, unknown>>

const CONDITION = ['ConditionExpression', 'ConditionalOperator', 'Expected']
const NAMES = ['ExpressionAttributeNames']
const VALUES = ['ExpressionAttributeNames', 'ExpressionAttributeValues']
const CAPACITY = ['ReturnConsumedCapacity']
const RETURNS = ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics', 'ReturnValues']
const READ = [
  'AttributesToGet',
  'ConsistentRead',
  'IndexName',
  'Limit',
  'ExclusiveStartKey',
  'Select',
  'FilterExpression',
]
const TABLE = ['TableName']

/** What dynalite does, by operation. Transactions, PartiQL, streams and backups are not among it. */
const SHAPES: Readonly<Record<string, Shape>> = {
  GetItem: {
    members: [
      ...TABLE,
      ...NAMES,
      ...CAPACITY,
      'Key',
      'AttributesToGet',
      'ConsistentRead',
      'ProjectionExpression',
    ],
  },
  PutItem: { members: [...TABLE, ...CONDITION, ...VALUES, ...RETURNS, 'Item'], writes: true },
  DeleteItem: { members: [...TABLE, ...CONDITION, ...VALUES, ...RETURNS, 'Key'], writes: true },
  UpdateItem: {
    members: [...TABLE, ...CONDITION, ...VALUES, ...RETURNS, 'Key', 'UpdateExpression', 'AttributeUpdates'],
    writes: true,
  },
  Query: {
    members: [
      ...TABLE,
      ...READ,
      ...VALUES,
      ...CAPACITY,
      'KeyConditionExpression',
      'KeyConditions',
      'QueryFilter',
      'ConditionalOperator',
      'ProjectionExpression',
      'ScanIndexForward',
    ],
  },
  Scan: {
    members: [
      ...TABLE,
      ...READ,
      ...VALUES,
      ...CAPACITY,
      'ScanFilter',
      'ConditionalOperator',
      'ProjectionExpression',
      'Segment',
      'TotalSegments',
    ],
  },
  BatchGetItem: { members: ['RequestItems', ...CAPACITY], tables: requestItems },
  BatchWriteItem: {
    members: ['RequestItems', ...CAPACITY, 'ReturnItemCollectionMetrics'],
    tables: requestItems,
    writes: true,
  },
  CreateTable: {
    members: [
      ...TABLE,
      'AttributeDefinitions',
      'KeySchema',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
      'ProvisionedThroughput',
      'Tags',
    ],
    writes: true,
  },
  DeleteTable: { members: TABLE, writes: true },
  DescribeTable: { members: TABLE },
  ListTables: { members: ['ExclusiveStartTableName', 'Limit'], tables: () => [] },
}

/** The pass-through operations: check the grant and the members, then dynalite. */
export function dynamoOperations(cloud: LocalCloud, engine: DynamoEngine): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(SHAPES).map(([operation, shape]) => [
      operation,
      passThrough(cloud, engine, operation, shape),
    ]),
  )
}

function passThrough(cloud: LocalCloud, engine: DynamoEngine, operation: string, shape: Shape): Operation {
  return async (given: Input, { authorize }) => {
    const input = withTableNames(given)
    refuseUnknown(operation, input, shape.members)
    const resources = tableArns(cloud, input, shape)
    for (const resource of resources) authorize(`dynamodb:${operation}`, resource)
    const answer = await engine.run(operation, input)
    if (shape.writes && answer.status === 200) cloud.clock.wrote()
    return answer
  }
}

function refuseUnknown(operation: string, input: Input, known: readonly string[]): void {
  const unknown = Object.keys(input).filter(name => !known.includes(name))
  if (unknown.length > 0) throw new UnsupportedError(`${unknown.join(', ')} of dynamodb ${operation}`)
}

/** DynamoDB takes an ARN wherever it takes a table's name; dynalite takes the name. */
function withTableNames(input: Input): Input {
  if (typeof input !== 'object' || input === null)
    throw new ServiceError('SerializationException', 'Expected an object')
  return typeof input.TableName === 'string' ? { ...input, TableName: tableName(input.TableName) } : input
}

function tableName(nameOrArn: string): string {
  return /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn
}

function tableArns(cloud: LocalCloud, input: Input, shape: Shape): string[] {
  const prefix = `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/`
  if (shape.tables) {
    const names = shape.tables(input)
    return names.length > 0 ? names.map(name => prefix + name) : [`${prefix}*`]
  }
  const table = `${prefix}${String(input.TableName)}`
  return [typeof input.IndexName === 'string' ? `${table}/index/${input.IndexName}` : table]
}

function requestItems(input: Input): string[] {
  const items = input.RequestItems
  return typeof items === 'object' && items !== null ? Object.keys(items) : []
}
