export type FaultType =
  | 'api_error'
  | 'card_error'
  | 'idempotency_error'
  | 'invalid_request_error'
  | 'temporary_session_expired'

export type FaultDetails = {
  readonly code?: string
  readonly param?: string
  readonly declineCode?: string
  readonly paymentIntent?: unknown
  readonly paymentMethod?: unknown
  readonly charge?: string
  /** Further answer headers, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as `stripe-should-retry`. */
  readonly shouldRetry?: boolean
  /** Refused before the endpoint began to execute: not remembered under an idempotency key. */
  readonly beforeExecution?: boolean
}

/** An answer other than success, in Stripe's words: https://docs.stripe.com/api/errors. */
export class Fault extends Error {
  readonly status: number
  readonly type: FaultType
  readonly details: FaultDetails
  constructor(status: number, type: FaultType, message: string, details: FaultDetails = {}) {
    super(message)
    this.name = 'Fault'
    this.status = status
    this.type = type
    this.details = details
  }
}

/** 400 `invalid_request_error`. */
export function invalidRequest(message: string, details: FaultDetails = {}): Fault {
  return new Fault(400, 'invalid_request_error', message, details)
}

/** A missing object: 404 when it is the one in the path (`param` is `id`), else 400 naming the parameter. */
export function resourceMissing(noun: string, id: string, param: string): Fault {
  const status = param === 'id' ? 404 : 400
  return new Fault(status, 'invalid_request_error', `No such ${noun}: '${id}'`, {
    code: 'resource_missing',
    param,
  })
}
