import { type ResourceProvider, UnsupportedError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { DEFAULTS, readAttributes } from '../attributes.ts'
import { SqsError } from '../errors.ts'
import type { Sqs } from '../sqs.ts'

const ATTRIBUTES = [
  'MessageRetentionPeriod',
  'VisibilityTimeout',
  'DelaySeconds',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'SqsManagedSseEnabled',
  'RedrivePolicy',
  'RedriveAllowPolicy',
]
const NAME = /^[\w-]{1,80}$/

/** `AWS::SQS::Queue`, standard. */
export const queue =
  (sqs: Sqs): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    if (properties.FifoQueue !== undefined) throw new UnsupportedError(`${type} with FifoQueue`)
    refuseUnknown(type, properties, ['QueueName', 'Tags', ...ATTRIBUTES])
    const name: string = properties.QueueName ?? generatedName(stackName, logicalId)
    if (!NAME.test(name)) {
      throw new SqsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      )
    }
    if (sqs.queues.has(name)) {
      throw new SqsError(
        'QueueNameExists',
        'A queue already exists with the same name and a different value for attribute.',
      )
    }
    const { cloud } = sqs
    const now = cloud.clock.now()
    const url = `${cloud.endpointUrl}/${cloud.accountId}/${name}`
    const arn = `arn:aws:sqs:${cloud.region}:${cloud.accountId}:${name}`
    sqs.queues.set(name, {
      name,
      arn,
      url,
      createdAt: now,
      declared: new Map([...DEFAULTS, ...readAttributes(sqs, textsOf(properties))]),
      changed: new Map(),
      modifiedAt: now,
      purgedAt: undefined,
      messages: [],
      moves: [],
    })
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } }
  }

/** Templates give numbers, booleans and objects where the API has texts. */
function textsOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = ATTRIBUTES.filter(name => properties[name] !== undefined)
  return Object.fromEntries(
    given.map(name => {
      const value = properties[name]
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]
    }),
  )
}
