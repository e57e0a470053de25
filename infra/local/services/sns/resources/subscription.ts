import { createHash } from 'node:crypto'
import type { ResourceProvider } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Sns, topicOf } from '../sns.ts'
import { readSubscription } from '../subscribe.ts'

const KNOWN = ['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery', 'RedrivePolicy']

/** `AWS::SNS::Subscription`. Its ARN follows from its place in the templates. */
export const subscription =
  (sns: Sns): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, KNOWN)
    const { TopicArn, Protocol, Endpoint, ...attributes } = properties
    const topic = topicOf(sns, String(TopicArn))
    const asked = readSubscription({ protocol: String(Protocol), endpoint: String(Endpoint), attributes })
    const digest = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex')
    const id = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
    const arn = `${topic.arn}:${id}`
    sns.state.subscriptions.set(arn, { ...asked, arn, topicArn: topic.arn, fromTemplate: true })
    return { ref: arn, attributes: { Arn: arn } }
  }
