import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type SnsOperation, topicOf } from '../sns.ts'
import { readSubscription } from '../subscribe.ts'

const INPUT = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z._default(z.string(), ''),
  Attributes: z.optional(z.record(z.string(), z.string())),
  ReturnSubscriptionArn: z.optional(z.string()),
})

/** Subscribing the same endpoint again answers the subscription that is there. Mail needs no confirmation here. */
export const subscribe: SnsOperation<typeof INPUT, { SubscriptionArn: string }> = {
  input: INPUT,
  run(sns, { TopicArn, Protocol, Endpoint, Attributes = {} }, context) {
    context.authorize('sns:Subscribe', TopicArn)
    const topic = topicOf(sns, TopicArn)
    const asked = readSubscription({ protocol: Protocol, endpoint: Endpoint, attributes: Attributes })
    const { subscriptions } = sns.state
    const known = [...subscriptions.values()].find(
      one => one.topicArn === topic.arn && one.protocol === asked.protocol && one.endpoint === Endpoint,
    )
    if (known) return { SubscriptionArn: known.arn }
    const arn = `${topic.arn}:${randomUUID()}`
    subscriptions.set(arn, { ...asked, arn, topicArn: topic.arn, fromTemplate: false })
    sns.cloud.clock.wrote()
    return { SubscriptionArn: arn }
  },
}
