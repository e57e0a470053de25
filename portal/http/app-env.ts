import type { Context } from 'hono'
import type { Theme } from '../components/theme.ts'

/** The person behind a request. */
export type User = {
  readonly userId: string
  readonly accountId: string
  readonly email: string
  readonly isAdmin: boolean
}

export type AppEnv = {
  Bindings: { readonly requestContext?: { readonly requestId?: string } }
  Variables: {
    requestId: string
    user: User | undefined
    theme: Theme
    /** Token for the forms of the page being rendered; makes its cookie when there is none. */
    formToken: () => string
  }
}
export type AppContext = Context<AppEnv>
