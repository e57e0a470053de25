import { type Handler, Hono } from 'hono'
import { randomId } from '#kernel/ids'
import { createCookies } from './auth/cookies.ts'
import { recoverPages } from './auth/recover.tsx'
import { createSession } from './auth/session.ts'
import { signInPages } from './auth/sign-in.tsx'
import { signUpPages } from './auth/sign-up.tsx'
import { parseTheme } from './components/theme.ts'
import type { PortalDeps } from './deps.ts'
import type { AppEnv } from './http/app-env.ts'
import { ASSETS } from './http/assets.ts'
import { guardForms, provideFormToken } from './http/guard-forms.tsx'
import { localPath } from './http/local-path.ts'
import { failurePage, notFoundPage } from './http/outcome-pages.tsx'
import { securityHeaders } from './http/security-headers.ts'
import { adminPlansPage } from './pages/admin-plans.tsx'
import { auditPages } from './pages/audit/index.tsx'
import { billingPages } from './pages/billing.tsx'
import { changePages } from './pages/changes/index.tsx'
import { closePages } from './pages/closes/index.tsx'
import { docsPages } from './pages/docs.tsx'
import { homePage } from './pages/home.tsx'
import { keysPages } from './pages/keys.tsx'
import { limitPages } from './pages/limits/index.tsx'
import { paymentPages } from './pages/payments/index.tsx'
import { planPages } from './pages/plan.tsx'
import { planAdminPages } from './pages/plans/index.tsx'
import { pricingPage } from './pages/pricing.tsx'
import { requestsPage } from './pages/requests.tsx'
import { settingsPage } from './pages/settings.tsx'
import { usagePage } from './pages/usage.tsx'

/** Pages of people who are signed in; others are asked to sign in first. */
const SIGNED_IN = ['/home', '/keys', '/usage', '/plan', '/billing', '/settings'] as const
/** Half a year: a choice of colours is kept longer than a session. */
const THEME_SECONDS = 180 * 24 * 3600

/** The whole web site as one app without a server: tests call `app.request()`, the Lambda entry adapts it. */
export function createPortal(deps: PortalDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  const cookies = createCookies(deps.portalUrl)
  const session = createSession(deps, cookies)
  const ports = { ...deps, cookies, session }

  app.use(async (c, next) => {
    const startedAt = deps.now()
    c.set('requestId', c.env?.requestContext?.requestId ?? randomId('req'))
    await next()
    const { method, path } = c.req
    deps.log.request({
      requestId: c.get('requestId'),
      method,
      path,
      status: c.res.status,
      durationMs: deps.now() - startedAt,
    })
  })
  app.use(securityHeaders(deps.portalUrl))
  for (const asset of Object.values(ASSETS))
    app.get(asset.path, c =>
      c.body(asset.body, 200, {
        'content-type': asset.type,
        'cache-control': 'public, max-age=31536000, immutable',
      }),
    )
  app.use(async (c, next) => {
    c.set('theme', parseTheme(cookies.read(c, 'theme')))
    await next()
  })
  app.use(provideFormToken(cookies))
  app.use(session.load)
  for (const path of SIGNED_IN) for (const at of [path, `${path}/*`]) app.use(at, requireUser)
  app.use('/admin/*', requireUser)
  app.use('/admin/*', async (c, next) => (c.get('user')?.isAdmin ? next() : notFoundPage(c)))
  app.use(guardForms(cookies, deps.portalUrl))

  app.post('/theme', async c => {
    const { theme, back } = await c.req.parseBody()
    cookies.write(c, 'theme', parseTheme(theme), THEME_SECONDS)
    return c.redirect(localPath(back, '/'), 303)
  })
  pricingPage(app, ports)
  docsPages(app, ports)
  signUpPages(app, ports)
  signInPages(app, ports)
  recoverPages(app, ports)
  homePage(app, ports)
  keysPages(app, ports)
  usagePage(app, ports)
  requestsPage(app, ports)
  planPages(app, ports)
  billingPages(app, ports)
  settingsPage(app, ports)
  adminPlansPage(app, ports)
  auditPages(app, ports)
  changePages(app, ports)
  paymentPages(app, ports)
  closePages(app, ports)
  planAdminPages(app, ports)
  limitPages(app, ports)

  app.notFound(notFoundPage)
  app.onError((error, c) => {
    deps.log.failure('A page failed', error, c.get('requestId'))
    return failurePage(c)
  })
  return app
}

/** Sends visitors to the sign-in page, and from there back to where they wanted to go. A posted form is not repeated. */
const requireUser: Handler<AppEnv> = async (c, next) => {
  if (c.get('user')) return next()
  const { pathname, search } = new URL(c.req.url)
  const back = c.req.method === 'GET' ? `${pathname}${search}` : pathname
  const ended = c.req.method === 'GET' ? '' : '&message=session_expired'
  return c.redirect(`/signin?next=${encodeURIComponent(back)}${ended}`, 303)
}
