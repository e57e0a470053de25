import type { ResourceProvider } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Sns, topicOf } from '../sns.ts'

/** `AWS::SNS::TopicPolicy`. */
export const topicPolicy =
  (sns: Sns): ResourceProvider =>
  ({ logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['PolicyDocument', 'Topics'])
    for (const arn of [properties.Topics].flat())
      sns.cloud.setResourcePolicy(topicOf(sns, String(arn)).arn, properties.PolicyDocument)
    return { ref: logicalId, attributes: { Id: logicalId } }
  }
