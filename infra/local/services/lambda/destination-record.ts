import type { LocalTime } from '../../contract.ts'
import type { FunctionState } from './functions.ts'
import type { AsyncEvent } from './invoke-async.ts'
import type { RunResult } from './run-invocation.ts'

/** How an event ended. No result: no attempt got as far as the function. */
export type Ending = {
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency'
  readonly invokeCount: number
  readonly result?: RunResult
}

/** What a destination is sent. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export function toRecord(fn: FunctionState, event: AsyncEvent, ending: Ending, now: LocalTime): unknown {
  const { result } = ending
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${fn.arn}:$LATEST`,
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
}

/** The message of the error document that a function ended with. */
export function functionErrorText(result: RunResult | undefined): string {
  if (!result) return 'Rate Exceeded.'
  const document: unknown = JSON.parse(result.payload)
  const named = typeof document === 'object' && document !== null && 'errorMessage' in document
  return named ? String(document.errorMessage ?? '') : ''
}
