import { ServiceError } from '../../contract.ts'
import { invalidParameter, SqsError } from './errors.ts'
import type { Sqs } from './sqs.ts'
import { attributeOf, type Queue, queueByArn } from './state.ts'

/** docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html: lowest, highest, default. */
const NUMBERS: ReadonlyMap<string, readonly [min: number, max: number, initial: number]> = new Map([
  ['VisibilityTimeout', [0, 43_200, 30]],
  ['MaximumMessageSize', [1_024, 1_048_576, 1_048_576]],
  ['MessageRetentionPeriod', [60, 1_209_600, 345_600]],
  ['DelaySeconds', [0, 900, 0]],
  ['ReceiveMessageWaitTimeSeconds', [0, 20, 0]],
])

/** What a queue has when nobody said otherwise. */
export const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ...[...NUMBERS].map(([name, [, , initial]]): [string, string] => [name, String(initial)]),
  ['SqsManagedSseEnabled', 'true'],
])

/** Checks attributes of a standard queue that are to be set, and answers them by name. */
export function readAttributes(sqs: Sqs, given: Readonly<Record<string, unknown>>): Map<string, string> {
  return new Map(
    Object.entries(given).map(([name, value]): [string, string] => {
      if (typeof value !== 'string') {
        throw new ServiceError('SerializationException', `${name} must be a string`)
      }
      check(sqs, name, value)
      return [name, value]
    }),
  )
}

function check(sqs: Sqs, name: string, value: string): void {
  const range = NUMBERS.get(name)
  if (range) {
    const number = Number(value)
    const sound = /^\d{1,9}$/.test(value) && number >= range[0] && number <= range[1]
    if (!sound) throw invalidValue(name)
  } else if (name === 'SqsManagedSseEnabled') {
    if (!/^(true|false)$/i.test(value)) throw invalidValue(name)
  } else if (name === 'Policy') {
    if (value !== '' && objectIn(value) === undefined) throw invalidValue(name)
  } else if (name === 'RedrivePolicy') {
    if (value !== '') checkRedrivePolicy(sqs, value)
  } else if (name === 'RedriveAllowPolicy') {
    if (value !== '') checkAllowPolicy(value)
  } else {
    throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`)
  }
}

const invalidValue = (name: string): SqsError =>
  new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`)

function checkRedrivePolicy(sqs: Sqs, value: string): void {
  const refuse = (reason: string) => invalidParameter('RedrivePolicy', value, reason)
  const policy = objectIn(value)
  if (!policy) throw refuse('Redrive policy is not a valid JSON map.')
  const { deadLetterTargetArn, maxReceiveCount } = policy
  if (deadLetterTargetArn === undefined || maxReceiveCount === undefined) {
    throw refuse(
      'Redrive policy does not contain mandatory attribute: ' +
        (maxReceiveCount === undefined ? 'maxReceiveCount.' : 'deadLetterTargetArn.'),
    )
  }
  const count = Number(maxReceiveCount)
  if (!Number.isInteger(count) || count < 1 || count > 1_000) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`,
    )
  }
  if (typeof deadLetterTargetArn !== 'string' || !queueByArn(sqs, deadLetterTargetArn)) {
    throw refuse('Dead letter target does not exist.')
  }
}

function checkAllowPolicy(value: string): void {
  const permission = objectIn(value)?.redrivePermission
  if (!['allowAll', 'denyAll', 'byQueue'].includes(String(permission))) {
    throw invalidParameter('RedriveAllowPolicy', value, 'Amazon SQS redrive allow policy is not valid.')
  }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** Where a queue sends what was received too often. */
export function redriveOf(queue: Queue): { targetArn: string; maxReceiveCount: number } | undefined {
  const policy = objectIn(attributeOf(queue, 'RedrivePolicy') ?? '')
  return policy === undefined
    ? undefined
    : { targetArn: String(policy.deadLetterTargetArn), maxReceiveCount: Number(policy.maxReceiveCount) }
}

/** Queues whose redrive policy names this one. */
export const sourcesOf = (sqs: Sqs, queue: Queue): Queue[] =>
  [...sqs.queues.values()].filter(other => redriveOf(other)?.targetArn === queue.arn)
