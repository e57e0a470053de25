import type { LocalCloud, ResourceProvider } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

/** `AWS::SNS::Topic`. Nothing is published locally: alarms, the only publishers, are inert. */
export const topic =
  (cloud: LocalCloud, topics: Set<string>): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['TopicName', 'DisplayName', 'KmsMasterKeyId', 'Tags'])
    const name: string = properties.TopicName ?? generatedName(stackName, logicalId)
    const arn = `arn:aws:sns:${cloud.region}:${cloud.accountId}:${name}`
    topics.add(arn)
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } }
  }
