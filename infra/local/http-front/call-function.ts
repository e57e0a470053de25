import { type Identity, type InvokeResult, type LocalCloud, ServiceError } from '../contract.ts'

export type FunctionCall = {
  readonly functionArn: string
  readonly payload: string
  /** ARN of the route or authorizer that calls, for the function's permission. */
  readonly sourceArn: string
  /** Role to call with instead of the service itself. */
  readonly credentials?: string
  readonly timeoutMs?: number
}

export type FunctionAnswer =
  | { readonly kind: 'answered'; readonly result: InvokeResult; readonly latencyMs: number }
  | { readonly kind: 'refused'; readonly error: ServiceError; readonly latencyMs: number }
  | { readonly kind: 'timed out'; readonly latencyMs: number }

/**
 * Calls a function as API Gateway does. The gateway stops waiting in real time, as functions work in real time; the
 * function runs on.
 */
export async function callFunction(cloud: LocalCloud, call: FunctionCall): Promise<FunctionAnswer> {
  const startedAt = cloud.clock.now()
  const latencyMs = () => cloud.clock.now() - startedAt
  const identity: Identity = call.credentials
    ? { kind: 'role', roleArn: call.credentials, sessionName: 'BackplaneAssumeRoleSession' }
    : { kind: 'service', principal: 'apigateway.amazonaws.com', sourceArn: call.sourceArn }
  try {
    const work = cloud.invoke(call.functionArn, call.payload, identity)
    const result = await (call.timeoutMs === undefined ? work : within(call.timeoutMs, work))
    if (result === undefined) return { kind: 'timed out', latencyMs: latencyMs() }
    return { kind: 'answered', result, latencyMs: latencyMs() }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { kind: 'refused', error, latencyMs: latencyMs() }
  }
}

async function within(timeoutMs: number, work: Promise<InvokeResult>): Promise<InvokeResult | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), timeoutMs)
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
