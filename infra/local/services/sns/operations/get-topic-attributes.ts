import { z } from 'zod'
import { type SnsOperation, topicOf } from '../sns.ts'

const INPUT = z.strictObject({ TopicArn: z.string() })

export const getTopicAttributes: SnsOperation<typeof INPUT, { Attributes: Map<string, string> }> = {
  input: INPUT,
  run(sns, { TopicArn }, context) {
    context.authorize('sns:GetTopicAttributes', TopicArn)
    const { arn, attributes } = topicOf(sns, TopicArn)
    const subscribed = [...sns.state.subscriptions.values()].filter(one => one.topicArn === arn)
    return {
      Attributes: new Map([
        ['TopicArn', arn],
        ['Owner', sns.cloud.accountId],
        ['DisplayName', ''],
        ...Object.entries(attributes),
        ['SubscriptionsConfirmed', String(subscribed.length)],
        ['SubscriptionsPending', '0'],
        ['SubscriptionsDeleted', '0'],
      ]),
    }
  },
}
