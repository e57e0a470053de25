import { UnsupportedError } from '../../contract.ts'
import { invalidParameter } from './sns.ts'
import type { Subscription } from './state.ts'

export type Asked = {
  readonly protocol: string
  readonly endpoint: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What is subscribed, from a call or a template. Web hooks and filters are refused: nothing here would act on them. */
export function readSubscription(
  asked: Asked,
): Pick<Subscription, 'protocol' | 'endpoint' | 'raw' | 'deadLetterArn'> {
  const { endpoint, attributes } = asked
  const protocol = protocolOf(asked.protocol)
  for (const name of Object.keys(attributes))
    if (!['RawMessageDelivery', 'RedrivePolicy'].includes(name))
      throw new UnsupportedError(`the subscription attribute ${name} of SNS`)
  if (!ENDPOINTS[protocol].test(endpoint)) throw invalidParameter(`Endpoint ${endpoint}`)
  const raw = String(attributes.RawMessageDelivery ?? 'false') === 'true'
  if (raw && protocol !== 'sqs')
    throw invalidParameter(`Attributes Reason: RawMessageDelivery: ${protocol} does not support it`)
  return { protocol, endpoint, raw, deadLetterArn: deadLetterOf(attributes.RedrivePolicy) }
}

const ENDPOINTS: Readonly<Record<Subscription['protocol'], RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  'email-json': /^[^\s@]+@[^\s@]+$/,
  lambda: /^arn:aws:lambda:/,
  sqs: /^arn:aws:sqs:/,
}

function protocolOf(protocol: string): Subscription['protocol'] {
  if (['http', 'https', 'sms', 'application', 'firehose'].includes(protocol))
    throw new UnsupportedError(`subscriptions by ${protocol} of SNS`)
  if (protocol === 'email' || protocol === 'email-json' || protocol === 'lambda' || protocol === 'sqs')
    return protocol
  throw invalidParameter(`Amazon SNS does not support this protocol string: ${protocol}`)
}

/** A call brings JSON text, a template an object. */
function deadLetterOf(policy: unknown): string | undefined {
  if (policy === undefined) return undefined
  const parsed = typeof policy === 'string' ? parse(policy) : policy
  const arn: unknown =
    typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'deadLetterTargetArn') : undefined
  if (typeof arn === 'string') return arn
  throw invalidParameter('RedrivePolicy: must contain a deadLetterTargetArn')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
