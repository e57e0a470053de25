import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { deliverTo, type Message } from '../deliver.ts'
import { invalidParameter, type SnsOperation, topicOf } from '../sns.ts'

const MAX_BYTES = 262_144

const INPUT = z.strictObject({
  TopicArn: z.optional(z.string()),
  TargetArn: z.optional(z.string()),
  Message: z.string(),
  Subject: z.optional(z.string()),
  MessageStructure: z.optional(z.string()),
  MessageAttributes: z.optional(
    z.record(
      z.string(),
      z.strictObject({
        DataType: z.string(),
        StringValue: z.optional(z.string()),
        BinaryValue: z.optional(z.string()),
      }),
    ),
  ),
})

type Input = z.infer<typeof INPUT>

/** Sends a message to everybody who is subscribed at the moment. */
export const publish: SnsOperation<typeof INPUT, { MessageId: string }> = {
  input: INPUT,
  async run(sns, input, context) {
    const asked = input.TopicArn ?? input.TargetArn
    if (asked === undefined)
      throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter')
    context.authorize('sns:Publish', asked)
    const topic = topicOf(sns, asked)
    const message = messageOf(topic.arn, input)
    const subscribed = [...sns.state.subscriptions.values()].filter(one => one.topicArn === topic.arn)
    const failures = await Promise.allSettled(subscribed.map(one => deliverTo(sns, one, message)))
    for (const one of failures)
      if (one.status === 'rejected')
        sns.cloud.journal({
          source: 'sns',
          summary: `a message of ${topic.arn} was not delivered: ${one.reason}`,
        })
    sns.cloud.clock.wrote()
    return { MessageId: message.id }
  },
}

function messageOf(topicArn: string, input: Input): Message {
  const { Message: text, Subject: subject } = input
  if (text === '') throw invalidParameter('Empty message')
  if (Buffer.byteLength(text) > MAX_BYTES) throw invalidParameter('Message too long')
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject))
    throw invalidParameter('Subject')
  return {
    id: randomUUID(),
    topicArn,
    subject,
    textFor: textFor(text, input.MessageStructure),
    attributes: attributesOf(input.MessageAttributes ?? {}),
  }
}

/** With the structure `json` the message names a text for each protocol, and one for all others. */
function textFor(text: string, structure: string | undefined): (protocol: string) => string {
  if (structure === undefined) return () => text
  if (structure !== 'json') throw invalidParameter('MessageStructure')
  const texts = new Map(Object.entries(objectOf(text)))
  const byDefault = texts.get('default')
  if (typeof byDefault !== 'string')
    throw invalidParameter('Message Structure - No default entry in JSON message body')
  return protocol => String(texts.get(protocol) ?? byDefault)
}

function objectOf(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch {
    // Said below, as for every text that is no object.
  }
  throw invalidParameter('Message Structure - JSON message body failed to parse')
}

function attributesOf(given: NonNullable<Input['MessageAttributes']>): Message['attributes'] {
  return Object.fromEntries(
    Object.entries(given).map(([name, { DataType, StringValue, BinaryValue }]) => {
      const Value = StringValue ?? BinaryValue
      if (!/^(String|Number|Binary|String\.Array)(\..+)?$/.test(DataType) || Value === undefined)
        throw new ServiceError(
          'ParameterValueInvalid',
          `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
        )
      return [name, { Type: DataType, Value }]
    }),
  )
}
