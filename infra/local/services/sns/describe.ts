import type { Subscription } from './state.ts'

export type DescribedSubscription = {
  readonly SubscriptionArn: string
  readonly Owner: string
  readonly Protocol: string
  readonly Endpoint: string
  readonly TopicArn: string
}

export const describeSubscription =
  (owner: string) =>
  ({ arn, protocol, endpoint, topicArn }: Subscription): DescribedSubscription => ({
    SubscriptionArn: arn,
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  })
