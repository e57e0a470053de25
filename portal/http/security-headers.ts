import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from './app-env.ts'

/** Forms of these pages lead to Stripe's pages, and browsers apply `form-action` to the redirect as well. */
const PAGES_THAT_LEAD_TO_STRIPE = new Set(['/plan', '/billing'])

/**
 * Headers of every answer. No inline script or style, nothing from elsewhere, no frames. `same-origin` as referrer
 * policy keeps addresses with ids from leaving, and lets browsers still send `Origin` with our forms.
 */
export function securityHeaders(portalUrl: string): MiddlewareHandler<AppEnv> {
  const { protocol } = new URL(portalUrl)
  const away = [...new Set(['https:', protocol])].join(' ')
  return async (c, next) => {
    await next()
    const formAction = PAGES_THAT_LEAD_TO_STRIPE.has(c.req.path) ? `'self' ${away}` : "'self'"
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; ` +
        `form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
    )
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'same-origin')
    c.header('cross-origin-opener-policy', 'same-origin')
    c.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
    if (protocol === 'https:') c.header('strict-transport-security', 'max-age=63072000; includeSubDomains')
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  }
}
