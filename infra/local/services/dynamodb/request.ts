import { crc32 } from 'node:zlib'
import {
  type LocalCloud,
  type OperationContext,
  RawResponse,
  ServiceError,
  UnsupportedError,
} from '../../contract.ts'
import { refuseUnknown } from '../../refuse-unknown.ts'
import { type ItemOperation, runOnItems } from './engine/engine.ts'
import type { Readers, Values } from './readers.ts'
import type { Tables } from './tables.ts'

export type Dynamo = {
  readonly cloud: Pick<LocalCloud, 'clock'>
  readonly tables: Tables
  readonly readers: Readers
}

type Named = Values & { readonly TableName?: string | undefined; readonly IndexName?: string | undefined }

/** An operation on the items of one table: refuses unknown members, checks the grant, runs, counts a write. */
export async function onTable(
  { cloud, tables, readers }: Dynamo,
  operation: ItemOperation,
  input: Named,
  known: readonly string[],
  { authorize, identity }: OperationContext,
): Promise<RawResponse> {
  refuseUnknown(`dynamodb ${operation}`, input, known)
  const name = tableName(input.TableName)
  const index = text(input.IndexName)
  authorize(`dynamodb:${operation}`, tables.arnOf(index === '' ? name : `${name}/index/${index}`))
  const named = name === '' ? input : { ...input, TableName: name }
  // Noted before it happens: a write that comes in between concerns this reader.
  if (!WRITES.has(operation)) readers.read(name, operation === 'Scan' ? {} : named, identity)
  const output = await runOnItems(operation, named, tables.store)
  if (WRITES.has(operation)) cloud.clock.wrote(readers.concernedBy(name, named, identity))
  return answer(output)
}

/** An operation on items of several tables. */
export async function onTables(
  { cloud, tables, readers }: Dynamo,
  operation: ItemOperation,
  input: { readonly RequestItems?: object | undefined },
  known: readonly string[],
  { authorize, identity }: OperationContext,
): Promise<RawResponse> {
  refuseUnknown(`dynamodb ${operation}`, input, known)
  const names = Object.keys(input.RequestItems ?? {})
  if (names.some(name => name.startsWith('arn:')))
    throw new UnsupportedError(`tables named by their ARN in dynamodb ${operation}`)
  for (const name of names.length > 0 ? names : ['*']) authorize(`dynamodb:${operation}`, tables.arnOf(name))
  if (!WRITES.has(operation)) for (const name of names) readers.read(name, {}, identity)
  const output = await runOnItems(operation, input, tables.store)
  if (WRITES.has(operation)) cloud.clock.wrote()
  return answer(output)
}

const WRITES: ReadonlySet<ItemOperation> = new Set(['BatchWriteItem', 'DeleteItem', 'PutItem', 'UpdateItem'])

function answer(output: object): RawResponse {
  const body = JSON.stringify(output)
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-crc32': String(crc32(body)) }
  return new RawResponse(200, headers, body)
}

/** A member that must be text, as the JSON protocol checks it; '' when it is missing, which the operation refuses. */
function text(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') throw unreadable('NUMBER_VALUE cannot be converted to String')
  if (typeof value === 'boolean')
    throw unreadable(`${value ? 'TRUE' : 'FALSE'}_VALUE cannot be converted to String`)
  if (Array.isArray(value)) throw unreadable('Unrecognized collection type class java.lang.String')
  throw unreadable('Start of structure or map found where not expected')
}

function unreadable(message: string): ServiceError {
  return new ServiceError('SerializationException', message)
}

/** A table's name from a name or an ARN: DynamoDB takes either. */
export function tableName(value: unknown): string {
  const nameOrArn = text(value)
  return /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn
}

/** Refuses a missing name, too. */
export function requiredName(value: unknown, member = 'tableName'): string {
  const name = tableName(value)
  if (name !== '') return name
  const constraint = `Value null at '${member}' failed to satisfy constraint: Member must not be null`
  throw new ServiceError('ValidationException', `1 validation error detected: ${constraint}`)
}
