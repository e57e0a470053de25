import { Fault, invalidRequest } from '../engine/fault.ts'
import { API_VERSION } from '../engine/settings.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** Refuses a request without a test key, or for another API version. Header names are lower-case. */
export function checkHeaders(headers: Headers): void {
  authenticate(headers)
  checkVersion(headers)
}

/** `Bearer` or `Basic`, any test key: https://docs.stripe.com/api/authentication */
function authenticate(headers: Headers): void {
  const header = headers.authorization ?? ''
  const basic = /^Basic (.+)$/i.exec(header)?.[1]
  const key =
    /^Bearer (.+)$/i.exec(header)?.[1] ??
    (basic === undefined ? '' : Buffer.from(basic, 'base64').toString().split(':')[0])
  if (key === undefined || key === '') {
    throw new Fault(
      401,
      'invalid_request_error',
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      { beforeExecution: true },
    )
  }
  if (!/^(sk|rk)_test_.+/.test(key)) {
    throw new Fault(401, 'invalid_request_error', `Invalid API Key provided: ${key.slice(0, 8)}****`, {
      beforeExecution: true,
    })
  }
}

function checkVersion(headers: Headers): void {
  const asked = headers['stripe-version']
  if (asked === undefined || asked === API_VERSION) return
  throw invalidRequest(`Invalid Stripe API version: ${asked}. Only ${API_VERSION} is available here.`, {
    beforeExecution: true,
  })
}
