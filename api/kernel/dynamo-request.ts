import { setTimeout as pause } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { type AwsEnvironment, readAwsEnvironment } from './config.ts'

/**
 * One DynamoDB operation over the JSON 1.0 protocol, signed by `aws4fetch` (8 KB where the SDK's client is 400 KB;
 * the authorizer and the metered routes load it on every cold start). Connections are kept alive by Node's `fetch`.
 */
export class DynamoError extends Error {
  /** Exception name without its namespace, e.g. `ValidationException`; `NetworkError` when no answer came. */
  readonly code: string
  /** The write may have happened although no success was seen. */
  readonly outcomeUnknown: boolean
  constructor(operation: string, code: string, detail: string, outcomeUnknown: boolean) {
    super(`DynamoDB ${operation} failed with ${code}: ${detail}`)
    this.name = 'DynamoError'
    this.code = code
    this.outcomeUnknown = outcomeUnknown
  }
}

export type Send = (
  operation: string,
  request: Readonly<Record<string, unknown>>,
  options?: {
    /** The request may be sent again after an answer that leaves open whether it took effect. Default true. */
    readonly repeatable?: boolean
  },
) => Promise<Readonly<Record<string, unknown>>>

/** 25, 50, 100, 200, 400 ms upper bounds with full jitter: below a second in all, so a caller within 10 s can act. */
const ATTEMPTS = 6
const FIRST_DELAY_MS = 25
/** An answer takes single-digit milliseconds; a connection that died while the runtime was frozen never answers. */
const ATTEMPT_TIMEOUT_MS = 2_000

/** Refused before anything happened: always safe to repeat. */
const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'Throttling',
])
/** The credentials are read anew for the next attempt. */
const EXPIRED = new Set(['ExpiredTokenException', 'ExpiredToken'])

export function createSend(
  readEnvironment: () => AwsEnvironment = () => readAwsEnvironment('dynamodb'),
  wait: (ms: number) => Promise<unknown> = pause,
): Send {
  /** Derived signing keys, by secret, day and region. */
  const signingKeys = new Map<string, ArrayBuffer>()
  return async (operation, request, { repeatable = true } = {}) => {
    const body = JSON.stringify(request)
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendOnce(signingKeys, readEnvironment(), operation, body)
      } catch (error) {
        if (!(error instanceof DynamoError) || attempt === ATTEMPTS) throw error
        const safe = THROTTLED.has(error.code) || EXPIRED.has(error.code)
        if (!safe && !(error.outcomeUnknown && repeatable)) throw error
        await wait(Math.random() * FIRST_DELAY_MS * 2 ** (attempt - 1))
      }
    }
  }
}

async function sendOnce(
  signingKeys: Map<string, ArrayBuffer>,
  environment: AwsEnvironment,
  operation: string,
  body: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { endpoint, region, accessKeyId, secretAccessKey, sessionToken } = environment
  const signed = await new AwsV4Signer({
    ...{ method: 'POST', url: endpoint, body, service: 'dynamodb', region, cache: signingKeys },
    ...{ accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    },
  }).sign()
  let status: number
  let text: string
  try {
    const response = await fetch(signed.url, {
      ...{ method: 'POST', headers: signed.headers, body },
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    })
    status = response.status
    text = await response.text()
  } catch (error) {
    throw new DynamoError(operation, 'NetworkError', describe(error), true)
  }
  if (status === 200) return JSON.parse(text) as Readonly<Record<string, unknown>>
  const { code, message } = parseFailure(text, status)
  throw new DynamoError(operation, code, message, status >= 500)
}

function parseFailure(text: string, status: number): { readonly code: string; readonly message: string } {
  try {
    const failure = JSON.parse(text) as { __type?: unknown; message?: unknown; Message?: unknown }
    const type = typeof failure.__type === 'string' ? failure.__type : `Http${status}`
    return { code: type.split('#').at(-1) ?? type, message: String(failure.message ?? failure.Message ?? '') }
  } catch {
    return { code: `Http${status}`, message: 'the answer is not JSON' }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
