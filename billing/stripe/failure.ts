/**
 * What became of a call to Stripe that failed. State machines retry by error name, so the names below are literal.
 * https://docs.stripe.com/error-low-level
 */

/** May work when repeated with the same idempotency key or identifier: the outcome is unknown or "not now". */
export class TransientError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TransientError'
  }
}

/** Stripe understood and refused: repeating changes nothing. */
export class StripeRefused extends Error {
  /** Stripe's `error.code`, e.g. `resource_missing`. */
  readonly code: string | null
  constructor(message: string, code: string | null, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StripeRefused'
    this.code = code
  }
}

export type StripeFailureKind = 'terminal' | 'transient' | 'duplicate_identifier' | 'not_stripe'

/**
 * Sorts a failure that the Stripe SDK threw. `duplicate_identifier`: Stripe already has a meter event with this
 * identifier, which means that it was delivered. The answer is a 400 with this message and no `code`.
 */
export function sortStripeFailure(error: unknown): StripeFailureKind {
  if (!isStripeError(error)) return 'not_stripe'
  const status = error.statusCode ?? 0
  if (status === 400 && error.message.startsWith('An event already exists with identifier'))
    return 'duplicate_identifier'
  if (TRANSIENT_TYPES.has(error.type) || TRANSIENT_STATUSES.has(status) || status >= 500) return 'transient'
  return 'terminal'
}

/** Runs one call to Stripe; what it throws is a `TransientError`, a `StripeRefused`, or a defect of ours, unchanged. */
export async function callStripe<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const kind = sortStripeFailure(error)
    if (kind === 'not_stripe') throw error
    const { message, code } = error as StripeErrorShape
    if (kind === 'transient') throw new TransientError(`${what}: ${message}`, { cause: error })
    throw new StripeRefused(`${what}: ${message}`, code ?? null, { cause: error })
  }
}

/** A connection that broke, a fault at Stripe, a limit: the class names of the SDK (`Error.d.ts`). */
const TRANSIENT_TYPES = new Set(['StripeConnectionError', 'StripeAPIError', 'StripeRateLimitError'])
/** 409: another request holds the object or the key. 424: a party behind Stripe failed. 429: limit or lock timeout. */
const TRANSIENT_STATUSES = new Set([409, 424, 429])

type StripeErrorShape = {
  readonly type: string
  readonly message: string
  readonly statusCode?: number
  readonly code?: string
}
const isStripeError = (error: unknown): error is StripeErrorShape =>
  error instanceof Error &&
  'type' in error &&
  typeof error.type === 'string' &&
  error.type.startsWith('Stripe')
