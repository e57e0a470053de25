import type { LocalCloud, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { createTopic } from './operations/create-topic.ts'
import { deleteTopic } from './operations/delete-topic.ts'
import { getTopicAttributes } from './operations/get-topic-attributes.ts'
import { listSubscriptions } from './operations/list-subscriptions.ts'
import { listSubscriptionsByTopic } from './operations/list-subscriptions-by-topic.ts'
import { listTopics } from './operations/list-topics.ts'
import { publish } from './operations/publish.ts'
import { subscribe } from './operations/subscribe.ts'
import { unsubscribe } from './operations/unsubscribe.ts'
import { subscription } from './resources/subscription.ts'
import { topic } from './resources/topic.ts'
import { topicPolicy } from './resources/topic-policy.ts'
import { restore } from './snapshot.ts'
import { DIALECT, type Sns, type TopicMail } from './sns.ts'

export type { TopicMail } from './sns.ts'

/** SNS: topics that reach functions, queues and the mailbox. Mail goes through `sendMail`, otherwise into the journal. */
export function createSnsService(
  cloud: LocalCloud,
  options: { sendMail?(mail: TopicMail): void } = {},
): Service {
  const toJournal = ({ to, subject, text }: TopicMail) =>
    cloud.journal({ source: 'sns', summary: `mail to ${to}: ${subject}`, detail: text })
  const sns: Sns = {
    cloud,
    state: { topics: new Map(), subscriptions: new Map() },
    sendMail: mail => (options.sendMail ?? toJournal)(mail),
  }
  return {
    name: 'sns',
    signingName: 'sns',
    protocol: 'query',
    operations: bindOperations(DIALECT, sns, {
      CreateTopic: createTopic,
      DeleteTopic: deleteTopic,
      GetTopicAttributes: getTopicAttributes,
      ListSubscriptions: listSubscriptions,
      ListSubscriptionsByTopic: listSubscriptionsByTopic,
      ListTopics: listTopics,
      Publish: publish,
      Subscribe: subscribe,
      Unsubscribe: unsubscribe,
    }),
    resources: {
      'AWS::SNS::Topic': topic(sns),
      'AWS::SNS::TopicPolicy': topicPolicy(sns),
      'AWS::SNS::Subscription': subscription(sns),
    },
    snapshot: () => sns.state,
    restore: saved => restore(sns.state, saved),
  }
}
