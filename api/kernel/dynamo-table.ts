import { type Attributes, fromAttributes, toAttributes } from './dynamo-attributes.ts'
import {
  conditionExpression,
  createExpressions,
  type Expressions,
  keyExpression,
  updateExpression,
} from './dynamo-expressions.ts'
import { createSend, DynamoError, type Send } from './dynamo-request.ts'
import type { Change, Condition, Item, Query, Table, TableKey } from './table.ts'

/**
 * A DynamoDB table. Throttling, 5xx and lost connections are retried with full jitter, except that an update with an
 * `add` is not repeated when its outcome is unknown: it would count twice. It throws a `DynamoError` with
 * `outcomeUnknown`, and its caller decides.
 */
export function createDynamoTable(name: string, send: Send = createSend()): Table {
  const TableName = name
  return {
    async get(key, options = {}) {
      const answer = await send('GetItem', {
        TableName,
        Key: toAttributes(keyOf(key)),
        ConsistentRead: options.consistent ?? true,
      })
      return answer.Item === undefined ? undefined : toItem(answer.Item)
    },

    async put(item, conditions = []) {
      const write = { TableName, Item: toAttributes(item), ...conditional(conditions) }
      return (await unlessRefused(send('PutItem', write))) !== undefined
    },

    async update(key, changes, conditions = []) {
      const answer = await unlessRefused(
        send('UpdateItem', updateRequest(TableName, key, changes, conditions), {
          repeatable: !changes.some(change => 'add' in change),
        }),
      )
      return answer && toItem(answer.Attributes)
    },

    async remove(key, conditions = []) {
      const write = { TableName, Key: toAttributes(keyOf(key)), ...conditional(conditions) }
      return (await unlessRefused(send('DeleteItem', write))) !== undefined
    },

    query: query => readAllPages(send, TableName, query),
  }
}

async function readAllPages(send: Send, TableName: string, query: Query): Promise<readonly Item[]> {
  const expressions = createExpressions()
  const request = {
    TableName,
    ...(query.index && { IndexName: query.index }),
    KeyConditionExpression: keyExpression(query, expressions),
    ...expressions.attributes(),
    ScanIndexForward: !query.descending,
    ConsistentRead: query.index ? false : (query.consistent ?? true),
  }
  const items: Item[] = []
  let ExclusiveStartKey: unknown
  do {
    const page = await send('Query', {
      ...request,
      ...(query.limit !== undefined && { Limit: query.limit - items.length }),
      ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
    })
    for (const item of (page.Items ?? []) as unknown[]) items.push(toItem(item))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey !== undefined && items.length < (query.limit ?? Number.POSITIVE_INFINITY))
  return items
}

function updateRequest(
  TableName: string,
  key: TableKey,
  changes: readonly Change[],
  conditions: readonly Condition[],
) {
  const expressions = createExpressions()
  const UpdateExpression = updateExpression(changes, expressions)
  return {
    TableName,
    Key: toAttributes(keyOf(key)),
    ...(UpdateExpression && { UpdateExpression }),
    ...conditional(conditions, expressions),
    ReturnValues: 'ALL_NEW',
  }
}

function conditional(conditions: readonly Condition[], expressions: Expressions = createExpressions()) {
  const ConditionExpression = conditionExpression(conditions, expressions)
  return { ...(ConditionExpression && { ConditionExpression }), ...expressions.attributes() }
}

async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof DynamoError && error.code === 'ConditionalCheckFailedException') return undefined
    throw error
  }
}

/** Callers may hand in a whole item. */
const keyOf = ({ pk, sk }: TableKey): TableKey => ({ pk, sk })
const toItem = (attributes: unknown): Item => fromAttributes(attributes as Attributes) as Item
