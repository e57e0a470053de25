import { type LocalCloud, type ResourceProvider, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

/** `AWS::SNS::TopicPolicy`. */
export const topicPolicy =
  (cloud: LocalCloud, topics: ReadonlySet<string>): ResourceProvider =>
  ({ logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['PolicyDocument', 'Topics'])
    for (const arn of properties.Topics) {
      if (!topics.has(arn)) throw new ServiceError('NotFound', `Topic ${arn} does not exist`, 404)
      cloud.setResourcePolicy(arn, properties.PolicyDocument)
    }
    return { ref: logicalId, attributes: { Id: logicalId } }
  }
