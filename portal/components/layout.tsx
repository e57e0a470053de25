import type { Child } from 'hono/jsx'
import type { User } from '../http/app-env.ts'
import { ASSETS } from '../http/assets.ts'
import { THEMES, type Theme } from './theme.ts'

export type Frame = {
  readonly title: string
  /** Path of the page: marks the entry of the navigation. */
  readonly path: string
  /** Where the theme switch returns to: the path with its query; of a posted form the page that shows it. */
  readonly back: string
  readonly user: User | undefined
  readonly theme: Theme
  readonly formToken: () => string
  /** `app`: side navigation. `public`: top navigation. `narrow`: one form in the middle. */
  readonly shape: 'app' | 'public' | 'narrow'
  /** The page changes by itself: looks again every so many seconds and swaps when `state` differs. */
  readonly watch?: { readonly seconds: number; readonly state: string }
}

/** The whole document around a page. */
export function Layout({ frame, children }: { frame: Frame; children?: Child }) {
  return (
    <html lang="en" data-theme={frame.theme === 'auto' ? undefined : frame.theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${frame.title} · Tollgate`}</title>
        <link rel="stylesheet" href={ASSETS.css.path} />
        <link rel="icon" href={ASSETS.mark.path} type="image/svg+xml" />
        <script src={ASSETS.js.path} defer></script>
        {frame.watch && (
          <noscript>
            <meta http-equiv="refresh" content={String(frame.watch.seconds)} />
          </noscript>
        )}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <Bar frame={frame} />
        {frame.shape === 'app' ? (
          <div class="frame">
            <Side frame={frame} />
            <Main frame={frame}>{children}</Main>
          </div>
        ) : (
          <Main frame={frame}>{children}</Main>
        )}
        <Foot frame={frame} />
      </body>
    </html>
  )
}

function Main({ frame, children }: { frame: Frame; children?: Child }) {
  return (
    <main
      id="main"
      class={frame.shape === 'narrow' ? 'narrow' : undefined}
      data-watch={frame.watch?.seconds}
      data-state={frame.watch?.state}
      aria-live={frame.watch ? 'polite' : undefined}
    >
      {children}
    </main>
  )
}

function Bar({ frame }: { frame: Frame }) {
  const current = (path: string) => (frame.path === path ? ('page' as const) : undefined)
  return (
    <header class="bar">
      <a class="brand" href={frame.user && frame.shape === 'app' ? '/home' : '/'}>
        <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
          <rect width="24" height="24" rx="6" fill="currentColor" />
          <path d="M7 18V8m10 10V8M7 12.5l10-5" fill="none" stroke-width="2.4" stroke-linecap="round" />
        </svg>
        Tollgate
      </a>
      {frame.user && frame.shape === 'app' ? (
        <div class="who">
          <span class="fine optional">{frame.user.email}</span>
          <a class="button quiet small" href="/docs">
            Docs
          </a>
          <form method="post" action="/signout">
            <input type="hidden" name="token" value={frame.formToken()} />
            <button class="quiet small" type="submit">
              Sign out
            </button>
          </form>
        </div>
      ) : (
        <nav aria-label="Site">
          <a href="/docs" aria-current={current('/docs')}>
            Docs
          </a>
          {frame.user ? (
            <a class="button primary small" href="/home">
              Open the portal
            </a>
          ) : (
            <>
              <a href="/signin" aria-current={current('/signin')}>
                Sign in
              </a>
              <a class="button primary small" href="/signup">
                Start free
              </a>
            </>
          )}
        </nav>
      )}
    </header>
  )
}

const PAGES = [
  ['/home', 'Home'],
  ['/keys', 'API keys'],
  ['/usage', 'Usage'],
  ['/plan', 'Plan'],
  ['/billing', 'Billing'],
  ['/settings', 'Settings'],
] as const
const ADMIN_PAGES = [
  ['/admin/plans', 'Plans'],
  ['/admin/accounts', 'Accounts'],
  ['/admin/closes', 'Closes'],
  ['/admin/reconciliation', 'Reconciliation'],
  ['/admin/audit', 'Audit trail'],
] as const

function Side({ frame }: { frame: Frame }) {
  const entry = ([path, label]: readonly [string, string]) => (
    <li>
      <a href={path} aria-current={isWithin(frame.path, path) ? 'page' : undefined}>
        {label}
      </a>
    </li>
  )
  return (
    <nav class="side" aria-label="Portal">
      <ul>{PAGES.map(entry)}</ul>
      {frame.user?.isAdmin && (
        <>
          <p class="group">Admin</p>
          <ul>{ADMIN_PAGES.map(entry)}</ul>
        </>
      )}
    </nav>
  )
}

const isWithin = (path: string, section: string): boolean =>
  path === section || path.startsWith(`${section}/`)

const THEME_NAMES: Readonly<Record<Theme, string>> = { auto: 'System', light: 'Light', dark: 'Dark' }

function Foot({ frame }: { frame: Frame }) {
  return (
    <footer class="foot">
      <span class="row">
        <a href="/docs">API reference</a>
        <a href="/docs/errors">Errors</a>
      </span>
      <form method="post" action="/theme" class="segmented" aria-label="Colours">
        <input type="hidden" name="back" value={frame.back} />
        {THEMES.map(theme => (
          <button
            type="submit"
            name="theme"
            value={theme}
            aria-pressed={theme === frame.theme ? 'true' : 'false'}
          >
            {THEME_NAMES[theme]}
          </button>
        ))}
      </form>
    </footer>
  )
}
