import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request comes from elsewhere. The console has no password: it shows sign-in codes and moves the clock, so a
 * web site that is open in the same browser must not reach it.
 * - `Host` must be a loopback name: a foreign name that was made to point here (DNS rebinding) is refused.
 * - `Origin`, which browsers send with every POST and every cross-origin read, must be the console itself.
 * - `Sec-Fetch-Site: cross-site` may only follow a link, not load the JSON as a script, an image or a frame.
 * Tools such as curl send neither `Origin` nor `Sec-Fetch-Site`.
 */
export function isForeign(method: string, headers: IncomingHttpHeaders): boolean {
  const { host = '', origin } = headers
  if (!LOOPBACK.includes(host.replace(/:\d+$/, ''))) return true
  if (origin !== undefined && origin !== `http://${host}`) return true
  const isLink = method === 'GET' && headers['sec-fetch-dest'] === 'document'
  return ['cross-site', 'same-site'].includes(String(headers['sec-fetch-site'])) && !isLink
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
