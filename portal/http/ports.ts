import type { Hono } from 'hono'
import type { Cookies } from '../auth/cookies.ts'
import type { Session } from '../auth/session.ts'
import type { PortalDeps } from '../deps.ts'
import type { AppContext, AppEnv, User } from './app-env.ts'

/** What every page module gets. */
export type PagePorts = PortalDeps & { readonly cookies: Cookies; readonly session: Session }
/** A module adds its routes to the app. */
export type Pages = (app: Hono<AppEnv>, ports: PagePorts) => void

/** The user on a page that `requireUser` guards. */
export function signedIn(c: AppContext): User {
  const user = c.get('user')
  if (!user) throw new Error(`${c.req.path} is not behind the sign-in guard`)
  return user
}
