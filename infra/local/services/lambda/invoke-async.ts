import { type Identity, type LocalTime, ServiceError } from '../../contract.ts'
import type { LambdaCore } from './core.ts'
import type { FunctionState } from './functions.ts'
import type { RunResult } from './run-invocation.ts'

/** Lambda waits a minute before the first retry of a failed event and two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000]
/** A throttled event is tried again after a second, then ever later, at most every five minutes. */
const FIRST_THROTTLE_DELAY_MS = 1_000
const LONGEST_THROTTLE_DELAY_MS = 300_000
/** A dead letter carries the first kilobyte of the error's message. */
const MAX_ERROR_MESSAGE = 1024

type AsyncEvent = {
  readonly fn: FunctionState
  readonly payload: string
  readonly requestId: string
  readonly receivedAt: LocalTime
}

type Ending = { readonly condition: string; readonly invokeCount: number; readonly result?: RunResult }

/**
 * Queues an event: retries of failures and throttles run on the local clock, then the event goes to the on-failure
 * destination and the dead-letter queue. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function startAsync(core: LambdaCore, fn: FunctionState, payload: string, requestId: string): void {
  const event: AsyncEvent = { fn, payload, requestId, receivedAt: core.cloud.clock.now() }
  attempt(core, event, 0, 0)
}

function attempt(core: LambdaCore, event: AsyncEvent, failures: number, throttles: number): void {
  const done = core.cloud.clock.busy(`lambda: ${event.fn.name} (event)`)
  core
    .run(event.fn, event.payload, event.requestId)
    .then(result => afterRun(core, event, failures, result))
    .catch(error => afterThrottle(core, event, failures, throttles, error))
    .catch(error => {
      core.cloud.journal({
        source: 'lambda',
        summary: `${event.fn.name}: an event was lost`,
        detail: String(error),
      })
    })
    .finally(done)
}

async function afterRun(
  core: LambdaCore,
  event: AsyncEvent,
  failures: number,
  result: RunResult,
): Promise<void> {
  const { asyncConfig } = event.fn
  if (result.functionError === undefined) {
    await notify(core, event, asyncConfig.onSuccessArn, {
      condition: 'Success',
      invokeCount: failures + 1,
      result,
    })
    return
  }
  const delay = RETRY_DELAYS_MS[failures]
  if (failures >= asyncConfig.maximumRetryAttempts || delay === undefined) {
    await give(core, event, { condition: 'RetriesExhausted', invokeCount: failures + 1, result })
  } else if (expiresBefore(core, event, delay)) {
    await give(core, event, { condition: 'EventAgeExceeded', invokeCount: failures + 1, result })
  } else {
    later(core, event, delay, () => attempt(core, event, failures + 1, 0))
  }
}

async function afterThrottle(
  core: LambdaCore,
  event: AsyncEvent,
  failures: number,
  throttles: number,
  error: unknown,
): Promise<void> {
  if (!(error instanceof ServiceError) || error.code !== 'TooManyRequestsException') throw error
  const delay = Math.min(FIRST_THROTTLE_DELAY_MS * 2 ** throttles, LONGEST_THROTTLE_DELAY_MS)
  if (expiresBefore(core, event, delay)) {
    await give(core, event, { condition: 'EventAgeExceeded', invokeCount: failures })
  } else {
    later(core, event, delay, () => attempt(core, event, failures, throttles + 1))
  }
}

function expiresBefore(core: LambdaCore, event: AsyncEvent, delayMs: number): boolean {
  const age = core.cloud.clock.now() + delayMs - event.receivedAt
  return age > event.fn.asyncConfig.maximumEventAgeSeconds * 1000
}

function later(core: LambdaCore, event: AsyncEvent, delayMs: number, run: () => void): void {
  core.cloud.clock.at(core.cloud.clock.now() + delayMs, `lambda: retry of ${event.fn.name}`, run)
}

/** Gives up: on-failure destination and dead-letter queue are independent of each other. */
async function give(core: LambdaCore, event: AsyncEvent, ending: Ending): Promise<void> {
  const summary = `${event.fn.name}: gave up on event ${event.requestId} (${ending.condition})`
  core.cloud.journal({ source: 'lambda', summary })
  await notify(core, event, event.fn.asyncConfig.onFailureArn, ending)
  if (event.fn.deadLetterArn === undefined) return
  const attributes = {
    RequestID: event.requestId,
    ErrorCode: ending.result ? '200' : '429',
    ErrorMessage: errorMessage(ending.result).slice(0, MAX_ERROR_MESSAGE),
  }
  core.sendToQueue(event.fn.deadLetterArn, event.payload, attributes, roleOf(event.fn))
}

async function notify(
  core: LambdaCore,
  event: AsyncEvent,
  arn: string | undefined,
  ending: Ending,
): Promise<void> {
  if (arn === undefined) return
  const { result } = ending
  const record = {
    version: '1.0',
    timestamp: new Date(core.cloud.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${event.fn.arn}:$LATEST`,
      condition: ending.condition,
      approximateInvokeCount: ending.invokeCount,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    responseContext: {
      statusCode: result ? 200 : 429,
      executedVersion: '$LATEST',
      ...(result?.functionError === undefined ? {} : { functionError: result.functionError }),
    },
    responsePayload: result ? (JSON.parse(result.payload) as unknown) : null,
  }
  await core.cloud.deliver({ arn }, record, roleOf(event.fn))
}

function roleOf(fn: FunctionState): Identity {
  return { kind: 'role', roleArn: fn.roleArn, sessionName: fn.name }
}

function errorMessage(result: RunResult | undefined): string {
  if (!result) return 'Rate Exceeded.'
  const document = JSON.parse(result.payload) as { errorMessage?: unknown }
  return String(document.errorMessage ?? '')
}
