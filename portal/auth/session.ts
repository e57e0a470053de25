import type { MiddlewareHandler } from 'hono'
import { accountIdOf } from '#kernel/ids'
import { ensureAccount } from '../accounts/ensure-account.ts'
import type { PortalDeps } from '../deps.ts'
import type { AppContext, AppEnv, User } from '../http/app-env.ts'
import { renewForms } from '../http/guard-forms.tsx'
import type { Cookies } from './cookies.ts'
import type { Tokens } from './identity.ts'
import { type TokenUser, usernameOf } from './verify-token.ts'

/** Cognito group of the owner's people. */
const ADMIN_GROUP = 'admins'

export type Session = ReturnType<typeof createSession>

/** Who is signed in, held in two cookies and nowhere on the server. */
export function createSession(deps: PortalDeps, cookies: Cookies) {
  const forget = (c: AppContext): void => {
    cookies.clear(c, 'id')
    cookies.clear(c, 'refresh')
    c.set('user', undefined)
  }
  return {
    /** Sets `user`. An ID token that ran out is renewed on the way, unseen; a session that ended is forgotten. */
    load: (async (c, next) => {
      const idToken = cookies.read(c, 'id')
      const refreshToken = cookies.read(c, 'refresh')
      if (idToken) {
        const valid = await deps.verifyToken(idToken)
        if (valid) c.set('user', userOf(valid))
        else await renew(c, idToken, refreshToken)
      }
      await next()
    }) satisfies MiddlewareHandler<AppEnv>,

    /** Signs in: makes the account if it is missing, sets the cookies, makes earlier forms stale. */
    async open(c: AppContext, tokens: Tokens): Promise<void> {
      const user = await deps.verifyToken(tokens.idToken)
      if (!user) throw new Error('The user pool issued an ID token that does not verify')
      await ensureAccount({ store: deps.accounts, announce: deps.accounts.announce }, user, deps.now())
      cookies.write(c, 'id', tokens.idToken)
      cookies.write(c, 'refresh', tokens.refreshToken)
      cookies.clear(c, 'signup')
      renewForms(c, cookies)
      c.set('user', userOf(user))
    },

    /** Signs out here and revokes the refresh token at the pool. */
    async close(c: AppContext): Promise<void> {
      const refreshToken = cookies.read(c, 'refresh')
      forget(c)
      renewForms(c, cookies)
      if (refreshToken) await deps.identity.signOut(refreshToken)
    },
  }

  async function renew(c: AppContext, idToken: string, refreshToken: string | undefined): Promise<void> {
    const username = usernameOf(idToken)
    const renewed = refreshToken && username ? await deps.identity.refresh(refreshToken, username) : undefined
    const valid = renewed?.ok ? await deps.verifyToken(renewed.value.idToken) : undefined
    if (!renewed?.ok || !valid) return forget(c)
    cookies.write(c, 'id', renewed.value.idToken)
    c.set('user', userOf(valid))
  }
}

const userOf = ({ userId, email, groups }: TokenUser): User => ({
  userId,
  email,
  accountId: accountIdOf(userId),
  isAdmin: groups.includes(ADMIN_GROUP),
})
