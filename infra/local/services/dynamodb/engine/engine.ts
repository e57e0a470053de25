import batchGetItem from 'dynalite/actions/batchGetItem.js'
import batchWriteItem from 'dynalite/actions/batchWriteItem.js'
import deleteItem from 'dynalite/actions/deleteItem.js'
import getItem from 'dynalite/actions/getItem.js'
import putItem from 'dynalite/actions/putItem.js'
import query from 'dynalite/actions/query.js'
import scan from 'dynalite/actions/scan.js'
import updateItem from 'dynalite/actions/updateItem.js'
import db from 'dynalite/db/index.js'
import batchGetItemShape from 'dynalite/validations/batchGetItem.js'
import batchWriteItemShape from 'dynalite/validations/batchWriteItem.js'
import createTableShape from 'dynalite/validations/createTable.js'
import deleteItemShape from 'dynalite/validations/deleteItem.js'
import getItemShape from 'dynalite/validations/getItem.js'
import { checkTypes, checkValidations } from 'dynalite/validations/index.js'
import listTablesShape from 'dynalite/validations/listTables.js'
import putItemShape from 'dynalite/validations/putItem.js'
import queryShape from 'dynalite/validations/query.js'
import scanShape from 'dynalite/validations/scan.js'
import updateItemShape from 'dynalite/validations/updateItem.js'
import { ServiceError } from '../../../contract.ts'
import { refuseInheritedNames } from './inherited-names.ts'
import type { Item, Store } from './store.ts'

type Data = Record<string, unknown>

const SHAPES = {
  CreateTable: createTableShape,
  ListTables: listTablesShape,
  BatchGetItem: batchGetItemShape,
  BatchWriteItem: batchWriteItemShape,
  DeleteItem: withOldItem(deleteItemShape),
  GetItem: getItemShape,
  PutItem: withOldItem(putItemShape),
  Query: queryShape,
  Scan: scanShape,
  UpdateItem: withOldItem(updateItemShape),
}

const ACTIONS = {
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  DeleteItem: deleteItem,
  GetItem: getItem,
  PutItem: putItem,
  Query: query,
  Scan: scan,
  UpdateItem: updateItem,
}

export type ItemOperation = keyof typeof ACTIONS

/** Checks an input as DynamoDB does and answers it in the shape that the actions take. */
export function checked<Input extends object>(
  operation: keyof typeof SHAPES,
  input: Input,
  store: Store,
): Input & Data {
  const { types, custom } = SHAPES[operation]
  try {
    refuseInheritedNames(input)
    const data: Data = checkTypes({ ...input } as Data, types)
    checkValidations(data, types, custom, store)
    return data as Input & Data
  } catch (error) {
    if (error instanceof TypeError) {
      throw new ServiceError('SerializationException', 'The request cannot be read as its operation needs it')
    }
    throw failureOf(error)
  }
}

/** Runs one operation on items. Failures are `ServiceError`s with DynamoDB's codes and texts. */
export async function runOnItems(operation: ItemOperation, input: object, store: Store): Promise<Data> {
  const data = checked(operation, input, store)
  try {
    return await new Promise((resolve, reject) => {
      ACTIONS[operation](store, data, (error, output) => (error ? reject(error) : resolve(output ?? {})))
    })
  } catch (error) {
    const failure = failureOf(error)
    throw failure instanceof ServiceError ? withItem(failure, data, store) : failure
  }
}

/** `ReturnValuesOnConditionCheckFailure`, newer than dynalite. */
function withOldItem(shape: { readonly types: Record<string, unknown>; readonly custom?: unknown }) {
  const member = { type: 'String', enum: ['ALL_OLD', 'NONE'] }
  return { ...shape, types: { ...shape.types, ReturnValuesOnConditionCheckFailure: member } }
}

function withItem(failure: ServiceError, data: Data, store: Store): ServiceError {
  if (failure.code !== 'ConditionalCheckFailedException') return failure
  if (data.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return failure
  const name = String(data.TableName)
  const key = db.createKey((data.Key ?? data.Item) as Item, store.tables.get(name))
  const { code, message, status, details } = failure
  return new ServiceError(code, message, status, { ...details, Item: store.items(name).get(key) })
}

type DynaliteFailure = Error & {
  readonly statusCode?: number
  readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string }
}

function failureOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ServiceError) return error
  const { statusCode, body } = error as DynaliteFailure
  if (statusCode === undefined || body === undefined) return error
  const code = body.__type.replace(/^.*#/, '')
  return new ServiceError(code, body.message ?? body.Message ?? '', statusCode, { __type: body.__type })
}
