import { type SnsState, snsState } from './state.ts'

/** Puts back what a call made: topics, and subscriptions to topics that are still there. */
export function restore(state: SnsState, saved: unknown): void {
  const { topics, subscriptions } = snsState.parse(saved)
  for (const [arn, topic] of topics) if (!topic.fromTemplate) state.topics.set(arn, topic)
  for (const [arn, subscription] of subscriptions)
    if (!subscription.fromTemplate && state.topics.has(subscription.topicArn))
      state.subscriptions.set(arn, subscription)
}
