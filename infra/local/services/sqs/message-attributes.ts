import { ServiceError, UnsupportedError } from '../../contract.ts'
import { refuseUnknown } from '../../refuse-unknown.ts'
import { SqsError } from './errors.ts'
import type { MessageAttribute } from './state.ts'

const MAX_ATTRIBUTES = 10
const NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)(?!.*\.$)[\w.-]{1,256}$/i

/** Checks a message's attributes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function readMessageAttributes(given: unknown): Record<string, MessageAttribute> {
  if (given === undefined) return {}
  const entries = Object.entries(membersOf(given))
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalid(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    )
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, membersOf(value))]))
}

function readAttribute(name: string, value: Record<string, unknown>): MessageAttribute {
  if (!NAME.test(name)) {
    throw invalid(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
    )
  }
  if (value.StringListValues !== undefined || value.BinaryListValues !== undefined) {
    throw new UnsupportedError(`sqs message attribute ${name}: list values`)
  }
  refuseUnknown(`sqs message attribute ${name}`, value, ['DataType', 'StringValue', 'BinaryValue'])
  const dataType = textOf('DataType', value.DataType) ?? ''
  if (dataType === '') {
    throw invalid(`The message attribute '${name}' must contain non-empty message attribute type.`)
  }
  const kind = /^(String|Number|Binary)(?:\.|$)/.exec(dataType)?.[1]
  if (kind === undefined) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    )
  }
  const member = kind === 'Binary' ? 'BinaryValue' : 'StringValue'
  const content = textOf(member, value[member])
  if (!content) {
    throw invalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${kind}'.`,
    )
  }
  if (kind === 'Number' && Number.isNaN(Number(content))) {
    throw invalid(`Can't cast the value of message attribute '${name}' to a number.`)
  }
  return { DataType: dataType, [member]: content }
}

const invalid = (message: string): SqsError => new SqsError('InvalidParameterValue', message)

function membersOf(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value))
  }
  throw new ServiceError('SerializationException', 'Expected map or null')
}

/** Bytes that come from this process and not over the wire are put as the wire has them. */
function textOf(member: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'string') return value
  throw new ServiceError('SerializationException', `${member} must be a string`)
}

/** Bytes that attributes add to a message's size: names, types and values. */
export const sizeOfAttributes = (attributes: Readonly<Record<string, MessageAttribute>>): number =>
  Object.entries(attributes).reduce(
    (bytes, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      bytes +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      Buffer.byteLength(BinaryValue, 'base64'),
    0,
  )
