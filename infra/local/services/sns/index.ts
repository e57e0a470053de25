import type { LocalCloud, Service } from '../../contract.ts'
import { subscription } from './resources/subscription.ts'
import { topic } from './resources/topic.ts'
import { topicPolicy } from './resources/topic-policy.ts'

/** SNS: topics exist so that templates provision. No operation is emulated, so every call is refused by name. */
export function createSnsService(cloud: LocalCloud): Service {
  const topics = new Set<string>()
  return {
    name: 'sns',
    signingName: 'sns',
    protocol: 'json',
    targetPrefix: 'AmazonSimpleNotificationService',
    jsonVersion: '1.0',
    operations: {},
    resources: {
      'AWS::SNS::Topic': topic(cloud, topics),
      'AWS::SNS::TopicPolicy': topicPolicy(cloud, topics),
      'AWS::SNS::Subscription': subscription(topics),
    },
  }
}
