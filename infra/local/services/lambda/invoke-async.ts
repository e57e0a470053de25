import { type Identity, type LocalTime, ServiceError } from '../../contract.ts'
import type { LambdaCore } from './core.ts'
import { type Ending, functionErrorText, toRecord } from './destination-record.ts'
import type { FunctionState } from './functions.ts'
import type { RunResult } from './run-invocation.ts'

/** Lambda waits a minute before the first retry of a failed event and two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000]
/** A throttled event is tried again after a second, then ever later, at most every five minutes. */
const FIRST_THROTTLE_DELAY_MS = 1_000
const LONGEST_THROTTLE_DELAY_MS = 300_000
/** A dead letter carries the first kilobyte of the error's message. */
const MAX_ERROR_MESSAGE = 1024
/** Kind of the timers of retries. */
const RETRY = 'lambda.retry'

/** An event on its way to a function: plain data, since a snapshot keeps it while it waits for its next attempt. */
export type AsyncEvent = {
  readonly functionName: string
  readonly payload: string
  readonly requestId: string
  readonly receivedAt: LocalTime
  /** Attempts that ended in a function error. */
  readonly failures: number
  /** Throttles since the last attempt. */
  readonly throttles: number
}

/** Lets the timers of retries run events. Once, at the creation of the service. */
export function handleRetries(core: LambdaCore): void {
  core.cloud.clock.handle(RETRY, data => attempt(core, data as AsyncEvent))
}

/**
 * Queues an event: retries of failures and throttles run on the local clock, then the event goes to the on-failure
 * destination and the dead-letter queue. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function startAsync(core: LambdaCore, functionName: string, payload: string, requestId: string): void {
  const receivedAt = core.cloud.clock.now()
  const event = { functionName, payload, requestId, receivedAt, failures: 0, throttles: 0 }
  const point = { service: 'lambda', operation: 'Event', resource: functionName }
  core.cloud.faults
    .deliver(point, async () => attempt(core, event))
    .catch(error => journalLoss(core, event, error))
}

function attempt(core: LambdaCore, event: AsyncEvent): void {
  const done = core.cloud.clock.busy(`lambda: ${event.functionName} (event)`)
  runOnce(core, event)
    .catch(error => journalLoss(core, event, error))
    .finally(done)
}

async function runOnce(core: LambdaCore, event: AsyncEvent): Promise<void> {
  const fn = core.find(event.functionName)
  if (fn.reservedConcurrency === 0) {
    await giveUp(core, fn, event, { condition: 'ZeroReservedConcurrency', invokeCount: event.failures })
    return
  }
  let result: RunResult
  try {
    result = await core.run(fn, event.payload, event.requestId)
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'TooManyRequestsException') throw error
    return await afterThrottle(core, fn, event)
  }
  await afterRun(core, fn, event, result)
}

async function afterRun(
  core: LambdaCore,
  fn: FunctionState,
  event: AsyncEvent,
  result: RunResult,
): Promise<void> {
  const invokeCount = event.failures + 1
  if (result.functionError === undefined) {
    await notify(core, fn, event, fn.asyncConfig.onSuccessArn, { condition: 'Success', invokeCount, result })
    return
  }
  const delay = RETRY_DELAYS_MS[event.failures]
  if (event.failures >= fn.asyncConfig.maximumRetryAttempts || delay === undefined) {
    await giveUp(core, fn, event, { condition: 'RetriesExhausted', invokeCount, result })
  } else if (expiresBefore(core, fn, event, delay)) {
    await giveUp(core, fn, event, { condition: 'EventAgeExceeded', invokeCount, result })
  } else {
    retryLater(core, { ...event, failures: invokeCount, throttles: 0 }, delay)
  }
}

async function afterThrottle(core: LambdaCore, fn: FunctionState, event: AsyncEvent): Promise<void> {
  const delay = Math.min(FIRST_THROTTLE_DELAY_MS * 2 ** event.throttles, LONGEST_THROTTLE_DELAY_MS)
  if (expiresBefore(core, fn, event, delay)) {
    await giveUp(core, fn, event, { condition: 'EventAgeExceeded', invokeCount: event.failures })
  } else {
    retryLater(core, { ...event, throttles: event.throttles + 1 }, delay)
  }
}

function expiresBefore(core: LambdaCore, fn: FunctionState, event: AsyncEvent, delayMs: number): boolean {
  const age = core.cloud.clock.now() + delayMs - event.receivedAt
  return age > fn.asyncConfig.maximumEventAgeSeconds * 1000
}

function retryLater(core: LambdaCore, event: AsyncEvent, delayMs: number): void {
  const { clock } = core.cloud
  clock.later(RETRY, clock.now() + delayMs, event, `lambda: retry of ${event.functionName}`)
}

/** On-failure destination and dead-letter queue are independent of each other. */
async function giveUp(core: LambdaCore, fn: FunctionState, event: AsyncEvent, ending: Ending): Promise<void> {
  const summary = `${fn.name}: gave up on event ${event.requestId} (${ending.condition})`
  core.cloud.journal({ source: 'lambda', summary })
  await notify(core, fn, event, fn.asyncConfig.onFailureArn, ending)
  if (fn.deadLetterArn === undefined) return
  const attributes = {
    RequestID: event.requestId,
    ErrorCode: ending.result ? '200' : '429',
    ErrorMessage: functionErrorText(ending.result).slice(0, MAX_ERROR_MESSAGE),
  }
  core.sendToQueue(fn.deadLetterArn, event.payload, attributes, roleOf(fn))
}

async function notify(
  core: LambdaCore,
  fn: FunctionState,
  event: AsyncEvent,
  arn: string | undefined,
  ending: Ending,
): Promise<void> {
  if (arn === undefined) return
  try {
    await core.cloud.deliver({ arn }, toRecord(fn, event, ending, core.cloud.clock.now()), roleOf(fn))
  } catch (error) {
    core.cloud.journal({
      source: 'lambda',
      summary: `${fn.name}: ${arn} did not take a record`,
      detail: String(error),
    })
  }
}

function roleOf(fn: FunctionState): Identity {
  return { kind: 'role', roleArn: fn.roleArn, sessionName: fn.name }
}

function journalLoss(core: LambdaCore, event: AsyncEvent, error: unknown): void {
  core.cloud.journal({
    source: 'lambda',
    summary: `${event.functionName}: an event was lost`,
    detail: String(error),
  })
}
