import { z } from 'zod'
import { type DescribedSubscription, describeSubscription } from '../describe.ts'
import { pageOf, type SnsOperation, topicOf } from '../sns.ts'

const INPUT = z.strictObject({ TopicArn: z.string(), NextToken: z.optional(z.string()) })

export const listSubscriptionsByTopic: SnsOperation<
  typeof INPUT,
  { Subscriptions: DescribedSubscription[]; NextToken?: string }
> = {
  input: INPUT,
  run(sns, { TopicArn, NextToken }, context) {
    context.authorize('sns:ListSubscriptionsByTopic', TopicArn)
    const { arn } = topicOf(sns, TopicArn)
    const subscribed = [...sns.state.subscriptions.values()].filter(one => one.topicArn === arn)
    const { items, ...more } = pageOf(subscribed, NextToken)
    return { Subscriptions: items.map(describeSubscription(sns.cloud.accountId)), ...more }
  },
}
