import type { ResourceProvider } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Sns, topicArn } from '../sns.ts'

/** `AWS::SNS::Topic`. */
export const topic =
  ({ cloud, state }: Sns): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['TopicName', 'DisplayName', 'KmsMasterKeyId', 'Tags'])
    const name = String(properties.TopicName ?? generatedName(stackName, logicalId))
    const arn = topicArn(cloud, name)
    const attributes = Object.fromEntries(
      ['DisplayName', 'KmsMasterKeyId'].flatMap(key =>
        properties[key] === undefined ? [] : [[key, String(properties[key])]],
      ),
    )
    state.topics.set(arn, { arn, attributes, fromTemplate: true })
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } }
  }
