import type { Sns } from './sns.ts'
import type { Subscription } from './state.ts'

export type Message = {
  readonly id: string
  readonly topicArn: string
  readonly subject: string | undefined
  /** The text for a protocol. */
  textFor(protocol: string): string
  readonly attributes: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>
}

/** Hands a message to one subscriber, with the retries and dead letters of every delivery. */
export async function deliverTo(sns: Sns, subscription: Subscription, message: Message): Promise<void> {
  const { cloud, sendMail } = sns
  const { protocol, endpoint, topicArn, deadLetterArn } = subscription
  const text = message.textFor(protocol)
  const envelope = envelopeOf(sns, subscription, message, text)
  if (protocol === 'email' || protocol === 'email-json') {
    const body = protocol === 'email' ? text : JSON.stringify(envelope)
    const mail = { to: endpoint, subject: message.subject ?? 'AWS Notification Message', text: body }
    const point = { service: 'sns', operation: 'Deliver', resource: endpoint }
    await cloud.faults.deliver(point, async () => sendMail(mail))
    return
  }
  const input = protocol === 'lambda' ? JSON.stringify(recordOf(subscription, envelope)) : undefined
  const target = {
    arn: endpoint,
    input: input ?? (subscription.raw ? text : JSON.stringify(envelope)),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
  }
  await cloud.deliver(target, envelope, {
    kind: 'service',
    principal: 'sns.amazonaws.com',
    sourceArn: topicArn,
  })
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html; the signature is nobody's here. */
function envelopeOf({ cloud }: Sns, subscription: Subscription, message: Message, text: string) {
  const { region, endpointUrl, clock } = cloud
  return {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: subscription.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: text,
    Timestamp: new Date(clock.now()).toISOString(),
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-local.pem`,
    UnsubscribeURL: `${endpointUrl}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(Object.keys(message.attributes).length > 0 ? { MessageAttributes: message.attributes } : {}),
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
function recordOf(subscription: Subscription, envelope: ReturnType<typeof envelopeOf>) {
  const { SigningCertURL: SigningCertUrl, UnsubscribeURL: UnsubscribeUrl, ...rest } = envelope
  const Sns = { Subject: null, MessageAttributes: {}, ...rest, SigningCertUrl, UnsubscribeUrl }
  return {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns }],
  }
}
