import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import type { Invoke } from './rpc.ts'

/** The function failed. Names the function and the kind of error, never the payload. */
export class InvokeError extends Error {
  readonly functionName: string
  readonly errorType: string
  constructor(functionName: string, errorType: string) {
    super(`The function ${functionName} failed with ${errorType}`)
    this.name = 'InvokeError'
    this.functionName = functionName
    this.errorType = errorType
  }
}

const failureSchema = z.object({ errorType: z.optional(z.string()) })

/** Invokes a function and waits for its answer. */
export function createInvoke(
  functionName: string,
  client: Pick<LambdaClient, 'send'> = new LambdaClient(),
): Invoke {
  return async payload => {
    const answer = await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        Payload: new TextEncoder().encode(JSON.stringify(payload)),
      }),
    )
    const text = new TextDecoder().decode(answer.Payload)
    const value: unknown = text === '' ? undefined : JSON.parse(text)
    if (answer.FunctionError === undefined) return value
    const failure = z.safeParse(failureSchema, value)
    throw new InvokeError(functionName, failure.data?.errorType ?? answer.FunctionError)
  }
}
