import type { LocalTime } from '../../../contract.ts'
import type { Deployment, RestApi, Stage } from '../state.ts'
import type { GatewayResponseType } from './response-types.ts'

/** A request as it came in over HTTP. */
export type GatewayRequest = {
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  /** Without `?`. */
  readonly query: string
  /** In order and in the caller's spelling. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Absent when it was larger than the limit. */
  readonly body: Buffer | undefined
  readonly sourceIp: string
  readonly protocol: string
}

export type GatewayReply = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** One request on its way through the gateway, with the `$context` variables known so far (without `$context.`). */
export type Exchange = {
  readonly api: RestApi
  readonly stage: Stage
  readonly deployment: Deployment
  readonly request: GatewayRequest
  readonly arrivedAt: LocalTime
  readonly requestId: string
  /** Unique, and never what a caller sent. */
  readonly extendedRequestId: string
  readonly traceId: string
  readonly context: Map<string, string>
}

/** Ends an exchange with one of the gateway's own responses. */
export class Refusal extends Error {
  readonly type: GatewayResponseType
  /** For responses whose type does not fix a status. */
  readonly status: number | undefined
  readonly text: string | undefined
  constructor(type: GatewayResponseType, options: { text?: string; status?: number } = {}) {
    super(type)
    this.name = 'Refusal'
    this.type = type
    this.status = options.status
    this.text = options.text
  }
}

export function headerValue(request: GatewayRequest, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return request.headers.findLast(([header]) => header.toLowerCase() === wanted)?.[1]
}
