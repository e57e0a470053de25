import { Fault, invalidRequest } from '../engine/fault.ts'
import { API_VERSION } from '../engine/settings.ts'

type Headers = Readonly<Record<string, string | undefined>>

/** What the Authorization header holds: of `Bearer` the token, of `Basic` the user name. Empty when there is none. */
export function bearerOf(headers: Headers): string {
  const header = headers.authorization ?? ''
  const basic = /^Basic (.+)$/i.exec(header)?.[1]
  const user = basic === undefined ? '' : (Buffer.from(basic, 'base64').toString().split(':')[0] ?? '')
  return /^Bearer (.+)$/i.exec(header)?.[1] ?? user
}

/** Refuses a request without a test key. Header names are lower-case. https://docs.stripe.com/api/authentication */
export function checkKey(headers: Headers): void {
  const key = bearerOf(headers)
  if (key === '') {
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

/** Only one API version is spoken here. */
export function checkVersion(headers: Headers): void {
  const asked = headers['stripe-version']
  if (asked === undefined || asked === API_VERSION) return
  throw invalidRequest(`Invalid Stripe API version: ${asked}. Only ${API_VERSION} is available here.`, {
    beforeExecution: true,
  })
}
