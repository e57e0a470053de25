import { type LocalCloud, type ResourceProvider, ServiceError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Queue, SqsState } from '../state.ts'

const KNOWN = [
  'QueueName',
  'MessageRetentionPeriod',
  'VisibilityTimeout',
  'DelaySeconds',
  'MaximumMessageSize',
  'SqsManagedSseEnabled',
  'Tags',
]

/** `AWS::SQS::Queue`, standard, without redrive: the queues of this product are where dead letters end. */
export const queue =
  (cloud: LocalCloud, state: SqsState): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, KNOWN)
    const name: string = properties.QueueName ?? generatedName(stackName, logicalId)
    if (state.queues.has(name))
      throw new ServiceError('QueueNameExists', `A queue named ${name} already exists.`)
    const created: Queue = {
      name,
      arn: `arn:aws:sqs:${cloud.region}:${cloud.accountId}:${name}`,
      url: `${cloud.endpointUrl}/${cloud.accountId}/${name}`,
      createdAt: cloud.clock.now(),
      visibilityTimeoutSeconds: Number(properties.VisibilityTimeout ?? 30),
      retentionSeconds: Number(properties.MessageRetentionPeriod ?? 4 * 86_400),
      delaySeconds: Number(properties.DelaySeconds ?? 0),
      maximumMessageBytes: Number(properties.MaximumMessageSize ?? 1_048_576),
      messages: [],
    }
    state.queues.set(name, created)
    return { ref: created.url, attributes: { Arn: created.arn, QueueName: name, QueueUrl: created.url } }
  }
