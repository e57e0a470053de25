import type { Failure } from '#kernel/result'
import { Narrow } from '../components/form.tsx'
import { Preparing } from '../components/parts.tsx'
import type { AppContext } from './app-env.ts'
import { page } from './render.tsx'

/** Also the answer where something exists that is not the visitor's. */
export const notFoundPage = (c: AppContext) =>
  page(
    c,
    { title: 'Not found', status: 404, shape: 'narrow' },
    <Narrow title="There is nothing here" lede="The address may be mistyped, or the page may have moved.">
      <a class="button wide" href={c.get('user') ? '/home' : '/'}>
        Go to the start
      </a>
    </Narrow>,
  )

/** A fixed sentence and the request id, nothing else. */
export const failurePage = (c: AppContext) =>
  page(
    c,
    { title: 'Something failed', status: 500, shape: 'narrow' },
    <Narrow title="Something failed on our side">
      <p>Your API keys and calls are not affected. Try again; if it stays, tell support this request id:</p>
      <p class="mono">{c.get('requestId')}</p>
      <a class="button primary wide" href={c.req.method === 'GET' ? c.req.path : '/home'}>
        Try again
      </a>
    </Narrow>,
  )

/** Seconds between looks while an account is being prepared or a plan switched on. */
export const WATCH_SECONDS = 3

/** A page that cannot be built from a procedure's answer: the account is not there yet, or the thing is not the visitor's. */
export function failedPage(c: AppContext, title: string, failure: Failure) {
  if (failure.code === 'account_not_ready')
    return page(c, { title, watch: { seconds: WATCH_SECONDS, state: 'preparing' } }, <Preparing />)
  if (failure.code === 'not_found' || failure.code === 'invoice_not_found') return notFoundPage(c)
  throw new Error(`${c.req.path} could not be built: ${failure.code}`)
}
