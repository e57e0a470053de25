import type { Failure } from '#kernel/result'
import { Narrow, Notice } from '../components/form.tsx'
import { Head, Preparing } from '../components/parts.tsx'
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

/** What an address can be wrong about: a thing that is not there, is not the visitor's, or is no thing at all. */
const ABSENT = /^(.+_)?not_found$|^forbidden$|^invalid_request$/

/**
 * A page that cannot be built from a procedure's answer: the account is not there yet, the thing is not the visitor's,
 * or the answer is a refusal, which is shown with the procedure's own words.
 */
export function failedPage(c: AppContext, title: string, failure: Failure) {
  if (failure.code === 'account_not_ready')
    return page(c, { title, watch: { seconds: WATCH_SECONDS, state: 'preparing' } }, <Preparing />)
  if (ABSENT.test(failure.code)) return notFoundPage(c)
  return page(
    c,
    { title, status: 409 },
    <div class="stack">
      <Head title={title} />
      <Notice tone="warn" title="This cannot be shown">
        {failure.message}
      </Notice>
    </div>,
  )
}
