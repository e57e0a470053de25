import type { Answer } from '../api/idempotency.ts'

/** A hosted page; the policy allows nothing but its own style. `form-action` is left open: paying leads to other sites. */
export function page(body: string, status: number): Answer {
  return {
    status,
    body,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    },
  }
}

export function redirect(location: string): Answer {
  return { status: 303, body: '', headers: { location, 'cache-control': 'no-store' } }
}
