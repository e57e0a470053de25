import type { MessageAttributeValue } from '@aws-sdk/client-sqs'
import { type Identity, type LocalCloud, ServiceError, UnsupportedError } from '../../contract.ts'
import { refuseUnknown } from '../../refuse-unknown.ts'
import { md5, md5OfAttributes } from './md5.ts'
import { addMessage, type MessageAttribute, type Queue } from './state.ts'

type Message = {
  readonly MessageBody?: string | undefined
  readonly DelaySeconds?: number | undefined
  readonly MessageAttributes?: Record<string, MessageAttributeValue> | undefined
}

/** Checks and stores one message; the answer's digests are what SDKs verify. */
export function send(cloud: LocalCloud, queue: Queue, message: Message, identity: Identity) {
  const body = message.MessageBody
  if (!body) throw new ServiceError('MissingParameter', 'The request must contain the parameter MessageBody.')
  if (Buffer.byteLength(body) > queue.maximumMessageBytes) {
    throw new ServiceError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maximumMessageBytes} bytes.`,
    )
  }
  const attributes = stringAttributes(message.MessageAttributes ?? {})
  const sender = identity.kind === 'role' ? identity.roleArn : cloud.accountId
  const stored = addMessage(cloud, queue, { body, attributes, sender, delaySeconds: message.DelaySeconds })
  const attributesDigest = md5OfAttributes(attributes)
  return {
    MessageId: stored.id,
    MD5OfMessageBody: md5(body),
    ...(attributesDigest ? { MD5OfMessageAttributes: attributesDigest } : {}),
  }
}

function stringAttributes(given: Record<string, MessageAttributeValue>): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      refuseUnknown(`sqs message attribute ${name}`, value, ['DataType', 'StringValue'])
      if (!/^(String|Number)(\.|$)/.test(value.DataType ?? ''))
        throw new UnsupportedError(`sqs attribute type ${value.DataType}`)
      return [name, { DataType: value.DataType ?? 'String', StringValue: value.StringValue ?? '' }]
    }),
  )
}
