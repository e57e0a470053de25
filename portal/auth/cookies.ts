import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** `id`, `refresh`: the session. `form`: what form tokens derive from. `signup`: continues a sign-up. `theme`: light or dark. */
export type CookieName = 'id' | 'refresh' | 'form' | 'signup' | 'theme'

export type Cookies = {
  read(c: Context, name: CookieName): string | undefined
  /** Without `maxAgeSeconds` the cookie ends with the browser session. */
  write(c: Context, name: CookieName, value: string, maxAgeSeconds?: number): void
  clear(c: Context, name: CookieName): void
}

/**
 * Cookies for one origin, out of reach of scripts. Over https they carry `Secure` and the prefix `__Host-`, so that no
 * other host can set them; over http, where browsers would refuse that, neither.
 */
export function createCookies(portalUrl: string): Cookies {
  const secure = new URL(portalUrl).protocol === 'https:'
  const prefix = secure ? ('host' as const) : undefined
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure,
    ...(prefix ? { prefix } : {}),
  } as const
  return {
    read: (c, name) => getCookie(c, name, prefix),
    write: (c, name, value, maxAgeSeconds) =>
      setCookie(c, name, value, { ...options, ...(maxAgeSeconds ? { maxAge: maxAgeSeconds } : {}) }),
    clear: (c, name) => void deleteCookie(c, name, options),
  }
}
