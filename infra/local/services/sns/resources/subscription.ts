import { randomUUID } from 'node:crypto'
import { type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

const PROTOCOLS = ['email', 'email-json', 'https', 'lambda', 'sqs']

/** `AWS::SNS::Subscription`: accepted and never used, because nothing is published locally. */
export const subscription =
  (topics: ReadonlySet<string>): ResourceProvider =>
  ({ type, properties }) => {
    refuseUnknown(type, properties, ['TopicArn', 'Protocol', 'Endpoint'])
    if (!PROTOCOLS.includes(properties.Protocol))
      throw new UnsupportedError(`${type} protocol ${properties.Protocol}`)
    if (!topics.has(properties.TopicArn))
      throw new ServiceError('NotFound', `Topic ${properties.TopicArn} does not exist`, 404)
    const arn = `${properties.TopicArn}:${randomUUID()}`
    return { ref: arn, attributes: { Arn: arn } }
  }
