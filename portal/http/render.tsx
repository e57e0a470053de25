import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type Frame, Layout } from '../components/layout.tsx'
import type { AppContext } from './app-env.ts'

type PageOptions = Pick<Frame, 'title'> &
  Partial<Pick<Frame, 'shape' | 'watch'>> & { readonly status?: ContentfulStatusCode }

/** Answers with a whole page. The shape defaults to what fits the visitor: `app` when signed in, else `public`. */
export function page(c: AppContext, { status = 200, ...options }: PageOptions, children: Child) {
  const user = c.get('user')
  const frame: Frame = {
    path: c.req.path,
    back: c.req.method === 'GET' ? pathAndQuery(c.req.url) : c.req.path,
    user,
    theme: c.get('theme') ?? 'auto',
    formToken: c.get('formToken') ?? (() => ''),
    shape: user ? 'app' : 'public',
    ...options,
  }
  return c.html(html`<!doctype html>${<Layout frame={frame}>{children}</Layout>}`, status)
}

function pathAndQuery(url: string): string {
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}
