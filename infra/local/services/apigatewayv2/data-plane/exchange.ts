import type { LocalTime } from '../../../contract.ts'

/** A request as it came in over HTTP. */
export type HttpRequest = {
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  /** Without `?`. */
  readonly query: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Absent when it was larger than the limit. */
  readonly body: Buffer | undefined
  readonly sourceIp: string
  readonly protocol: string
}

export type HttpReply = {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** One request on its way, with the `$context` variables known so far (without `$context.`). */
export type Exchange = {
  readonly request: HttpRequest
  readonly requestId: string
  readonly arrivedAt: LocalTime
  readonly domainName: string
  readonly context: Map<string, string>
}

/** The gateway's own answers are `{"message": …}`. */
export function messageReply(status: number, message: string): HttpReply {
  return {
    status,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify({ message })),
  }
}
