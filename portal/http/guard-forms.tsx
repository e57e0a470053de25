import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Cookies } from '../auth/cookies.ts'
import { Narrow } from '../components/form.tsx'
import type { AppContext, AppEnv } from './app-env.ts'
import { page } from './render.tsx'

/** Larger than any form of ours by far. */
const BODY_MAX_BYTES = 32 * 1024

/** The token in a form is a hash of the cookie, so the page does not hold the cookie itself. */
const tokenOf = (secret: string): string =>
  createHash('sha256').update(`form:${secret}`).digest('base64url').slice(0, 32)

/** A new secret: forms rendered before are stale from now on. Called when somebody signs in or out. */
export function renewForms(c: AppContext, cookies: Cookies): string {
  const secret = randomBytes(16).toString('base64url')
  cookies.write(c, 'form', secret)
  c.set('formToken', () => tokenOf(secret))
  return secret
}

/** Provides `formToken`; the cookie is made with the first form that is rendered. */
export function provideFormToken(cookies: Cookies): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    let secret = cookies.read(c, 'form')
    c.set('formToken', () => {
      secret ??= renewForms(c, cookies)
      return tokenOf(secret)
    })
    await next()
  }
}

/**
 * Refuses forms that do not come from our own pages (`Origin`, `Sec-Fetch-Site`) or carry another session's token
 * (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
 */
export function guardForms(cookies: Cookies, portalUrl: string): MiddlewareHandler<AppEnv> {
  const portalOrigin = new URL(portalUrl).origin
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    if (!isOurs(c, portalOrigin))
      return refuse(c, 'This form was not sent from this site, so nothing was done.')
    if (Number(c.req.header('content-length') ?? 0) > BODY_MAX_BYTES)
      return refuse(c, 'The form is too large, so nothing was done.')
    // Choosing colours changes nothing of anybody's; its form is on pages that are kept without a token.
    if (c.req.path === '/theme') return next()
    const { token } = await c.req.parseBody()
    const secret = cookies.read(c, 'form')
    if (secret && typeof token === 'string' && equal(token, tokenOf(secret))) return next()
    return refuse(c, 'This form is out of date: you signed in or out since it was opened. Nothing was done.')
  }
}

function isOurs(c: AppContext, portalOrigin: string): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site && site !== 'same-origin') return false
  const origin = c.req.header('origin')
  if (!origin || origin === portalOrigin) return true
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host')
}

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const refuse = (c: AppContext, message: string) =>
  page(
    c,
    { title: 'Form refused', shape: 'narrow', status: 403 },
    <Narrow title="Please try again">
      <p>{message}</p>
      <p>
        <a class="button primary wide" href={c.req.path === '/signout' ? '/' : c.req.path}>
          Reload the page
        </a>
      </p>
    </Narrow>,
  )
