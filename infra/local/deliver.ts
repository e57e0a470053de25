import {
  type DeliveryTarget,
  type Identity,
  type LocalCloud,
  ServiceError,
  UnsupportedError,
} from './contract.ts'

/** EventBridge and Scheduler try for a day or 185 times unless told otherwise. */
const DEFAULT_ATTEMPTS = 185
const DEFAULT_AGE_SECONDS = 86_400
const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 300_000

/** Puts a message with text attributes into a queue, when the sender may. */
export type SendToQueue = (
  queueArn: string,
  body: string,
  attributes: Readonly<Record<string, string>>,
  sender: Identity,
) => void

type DeliveryParts = {
  readonly cloud: LocalCloud
  readonly canAssume: (roleArn: string, servicePrincipal: string, sourceArn: string | undefined) => boolean
  readonly sendToQueue: SendToQueue
  /** Hands an event envelope to a bus. */
  readonly receiveOnBus: (busArn: string, event: unknown) => void
}

type Delivery = {
  readonly target: DeliveryTarget
  readonly event: unknown
  readonly identity: Identity
  readonly since: number
}

type Attempt = Delivery & { readonly failures: number }

/** Kind of the timers of retries. */
const RETRY = 'deliver.retry'

/**
 * Delivers an event to a Lambda function, state machine, queue or bus. What is refused for good (not allowed, not there)
 * goes to the dead letters at once; throttles and failures of the target service are retried on the local clock.
 */
export function createDelivery(parts: DeliveryParts): LocalCloud['deliver'] {
  const { clock } = parts.cloud
  clock.handle(RETRY, data => attempt(parts, data as Attempt))
  return (target, event, identity) =>
    attempt(parts, { target, event, identity, since: clock.now(), failures: 0 })
}

async function attempt(parts: DeliveryParts, delivery: Attempt): Promise<void> {
  const { target, since, failures } = delivery
  const { clock, faults } = parts.cloud
  const point = { service: serviceOf(delivery), operation: 'Deliver', resource: target.arn }
  try {
    await faults.deliver(point, () => hand(parts, delivery))
  } catch (error) {
    const delay = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS)
    const tooOld = clock.now() + delay - since > (target.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS) * 1000
    const tooOften = failures >= (target.maximumRetryAttempts ?? DEFAULT_ATTEMPTS)
    if (!isTransient(error) || tooOld || tooOften) {
      const exhausted = isTransient(error)
        ? tooOften
          ? 'MaximumRetryAttempts'
          : 'MaximumEventAgeInSeconds'
        : undefined
      deadLetter(parts, delivery, error, exhausted)
      return
    }
    const next: Attempt = { ...delivery, failures: failures + 1 }
    clock.later(RETRY, clock.now() + delay, next, `retry of a delivery to ${target.arn}`)
  }
}

/** Whose delivery it is: `events`, `scheduler`, or `lambda` for the destinations of a function's events. */
function serviceOf({ identity }: Delivery): string {
  return identity.kind === 'service' ? (identity.principal.split('.')[0] ?? identity.principal) : 'lambda'
}

async function hand(parts: DeliveryParts, delivery: Delivery): Promise<void> {
  const { cloud } = parts
  const { target, event } = delivery
  const identity = actingAs(parts, delivery)
  const text = target.input ?? JSON.stringify(event)
  const service = target.arn.split(':')[2]
  switch (service) {
    case 'lambda':
      cloud.invokeAsync(target.arn, text, identity)
      return
    case 'states':
      await cloud.call('states', 'StartExecution', { stateMachineArn: target.arn, input: text }, identity)
      return
    case 'sqs':
      parts.sendToQueue(target.arn, text, {}, identity)
      return
    case 'events':
      cloud.authorize(identity, 'events:PutEvents', target.arn)
      parts.receiveOnBus(target.arn, event)
      return
    default:
      throw new UnsupportedError(`${service} as a target (${target.arn})`)
  }
}

/** A target with a role is called as that role, which must trust the calling service. */
function actingAs(parts: DeliveryParts, { target, identity }: Delivery): Identity {
  if (target.roleArn === undefined || identity.kind !== 'service') return identity
  if (parts.canAssume(target.roleArn, identity.principal, trustSource(identity.sourceArn))) {
    return {
      kind: 'role',
      roleArn: target.roleArn,
      sessionName: identity.principal.split('.')[0] ?? 'service',
    }
  }
  const message = `${identity.principal} is unable to assume ${target.roleArn}`
  throw new ServiceError('AccessDeniedException', message, 403)
}

/**
 * Scheduler assumes roles on behalf of the schedule's group, not of the schedule.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
function trustSource(sourceArn: string | undefined): string | undefined {
  return sourceArn?.replace(/:schedule\/([^/]+)\/[^/]+$/, ':schedule-group/$1')
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html#eb-dlq-message-attributes */
function deadLetter(
  parts: DeliveryParts,
  delivery: Attempt,
  error: unknown,
  exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined,
): void {
  const { cloud } = parts
  const { target, event, identity } = delivery
  const code = error instanceof ServiceError ? error.code : 'InternalFailure'
  const message = error instanceof Error ? error.message : String(error)
  cloud.journal({ source: 'delivery', summary: `${target.arn}: ${code}: ${message}`, detail: event })
  if (target.deadLetterArn === undefined) return
  const rule = identity.kind === 'service' && identity.sourceArn ? { RULE_ARN: identity.sourceArn } : {}
  const attributes = {
    TARGET_ARN: target.arn,
    ERROR_CODE: code,
    ERROR_MESSAGE: message,
    RETRY_ATTEMPTS: String(delivery.failures),
    ...(exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
    ...(target.deadLetterAttributes ?? rule),
  }
  try {
    const sender = target.roleArn === undefined ? identity : actingAs(parts, delivery)
    parts.sendToQueue(target.deadLetterArn, target.input ?? JSON.stringify(event), attributes, sender)
  } catch (failure) {
    const summary = `${target.deadLetterArn} did not take a dead letter: ${failure}`
    cloud.journal({ source: 'delivery', summary, detail: event })
  }
}

function isTransient(error: unknown): boolean {
  return (
    error instanceof ServiceError && (error.status === 429 || error.status >= 500) && error.status !== 501
  )
}
