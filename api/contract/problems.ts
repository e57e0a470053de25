/**
 * Every error the metered API can answer with (RFC 9457). `code` is stable; the docs page of the portal lists these.
 * `type` of a problem document is `<portal>/docs/errors#<code>`, relative here: `/docs/errors#<code>`.
 */
export type ProblemDefinition = {
  readonly status: number
  readonly title: string
  /** What the caller should do. */
  readonly remedy: string
  /** Costs units? Never for status 400 and above. */
  readonly units: 0
}

const define = (status: number, title: string, remedy: string): ProblemDefinition => ({
  status,
  title,
  remedy,
  units: 0,
})

export const PROBLEMS = {
  malformed_json: define(
    400,
    'The body is not JSON',
    'Send a JSON object and the header "Content-Type: application/json".',
  ),
  invalid_api_key: define(
    401,
    'The API key is not valid',
    'Send "Authorization: Bearer tg_…" with a live key from the portal.',
  ),
  payment_required: define(
    402,
    'The account is blocked',
    'Open the portal; it shows why and how to lift the block.',
  ),
  spend_cap_reached: define(
    402,
    'The spend cap is reached',
    'Raise the cap in the portal, or wait for the next period.',
  ),
  not_found: define(404, 'There is no such route', 'See /openapi.json for the routes.'),
  method_not_allowed: define(
    405,
    'The route does not take this method',
    'Use a method of the "Allow" header.',
  ),
  payload_too_large: define(413, 'The body is larger than 100 KB', 'Send smaller batches.'),
  unsupported_media_type: define(
    415,
    'The body is not declared as JSON',
    'Send the header "Content-Type: application/json".',
  ),
  invalid_request: define(
    422,
    'The request does not match the schema',
    'Correct the members named in "errors" and send it again.',
  ),
  rate_limited: define(429, 'Too many requests', 'Wait as long as "Retry-After" says and send it again.'),
  quota_exceeded: define(
    429,
    'The units of this period are used up',
    'Wait for the next period, or move to a larger plan in the portal.',
  ),
  key_cap_reached: define(
    429,
    'The units of this key are used up',
    'Raise the cap of the key in the portal, use another key, or wait for the next period.',
  ),
  internal_error: define(
    500,
    'Something failed on our side',
    'Send it again. If it stays, tell support the request id.',
  ),
  service_unavailable: define(
    503,
    'The service is not available for a moment',
    'Send it again after "Retry-After" seconds.',
  ),
} as const satisfies Record<string, ProblemDefinition>

export type ProblemCode = keyof typeof PROBLEMS
