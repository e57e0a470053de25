import type { LocalTime } from '../../../contract.ts'
import type { FrontReply, FrontRequest } from '../../../http-front/message.ts'
import type { HttpApi, Stage } from '../state.ts'

/** One request on its way, with the `$context` variables known so far (without `$context.`). */
export type Exchange = {
  readonly api: HttpApi
  readonly stage: Stage
  readonly request: FrontRequest
  /** Decoded: unlike a REST API, an HTTP API does not pass percent-encoding on. */
  readonly path: string
  readonly requestId: string
  readonly arrivedAt: LocalTime
  readonly domainName: string
  readonly context: Map<string, string>
}

/** The gateway's own answers are `{"message": …}`. */
export const messageReply = (status: number, message: string): FrontReply => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify({ message }),
})
