import type { Action } from './actions/action.ts'
import { createActions } from './actions/index.ts'
import { readBody } from './actions/read-body.ts'
import { type Answer, json, type Problem, problemJson } from './answer.ts'
import { ASSETS } from './assets.ts'
import { matchPath } from './match-path.ts'
import { renderPage, renderProblem } from './page/layout.ts'
import { parseTheme, rememberTheme } from './page/theme.ts'
import type { ConsoleSources } from './sources.ts'
import { VIEWS } from './views/index.ts'

export type ConsoleRequest = {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly contentType: string
  readonly accept: string
  readonly cookie: string
  readonly body: string
}

type Context = {
  readonly request: ConsoleRequest
  readonly url: URL
  readonly sources: ConsoleSources
  readonly actions: readonly Action[]
}
/** `undefined`: not mine. */
type Handler = (context: Context) => Answer | Problem | undefined | Promise<Answer | Problem | undefined>

/**
 * The console's routes. A browser (`Accept: text/html`) gets pages, anybody else the same as JSON; `?format=json` asks
 * for JSON in a browser.
 */
export function createRoutes(sources: ConsoleSources): (request: ConsoleRequest) => Promise<Answer> {
  const actions = createActions()
  const handlers = [asset, health, view, theme, act]
  return async request => {
    const context = { request, url: new URL(request.url, 'http://console'), sources, actions }
    for (const handle of handlers) {
      const answer = await handle(context)
      if (answer !== undefined) return 'body' in answer ? answer : writeProblem(context, answer)
    }
    return writeProblem(context, nothingThere(context))
  }
}

const isReading = ({ method }: ConsoleRequest): boolean => method === 'GET' || method === 'HEAD'

const wantsPage = ({ request, url }: Context): boolean =>
  request.accept.includes('text/html') && url.searchParams.get('format') !== 'json'

const asset: Handler = ({ request, url }) => {
  if (!isReading(request) || !Object.hasOwn(ASSETS, url.pathname)) return undefined
  return ASSETS[url.pathname]
}

const health: Handler = ({ request, url, sources }) =>
  isReading(request) && url.pathname === '/health' ? json(sources.health()) : undefined

const view: Handler = context => {
  const { request, url, sources } = context
  if (!isReading(request)) return undefined
  for (const one of VIEWS) {
    const params = matchPath(one.path, url.pathname)
    const query = url.searchParams
    const shown = params && one.show(sources, { params, query })
    if (!params || !shown) continue
    if (!wantsPage(context)) return json(shown.data)
    const here = url.pathname + url.search
    const main = shown.page({ sources, params, query, now: sources.clock.now(), here })
    return renderPage({ title: shown.title, main, here, sources, theme: parseTheme(request.cookie) })
  }
  return undefined
}

const theme: Handler = ({ request, url }) => {
  if (request.method !== 'POST' || url.pathname !== '/theme') return undefined
  return rememberTheme(readBody(request.body, request.contentType))
}

const act: Handler = async ({ request, url, sources, actions }) => {
  for (const action of actions) {
    const params = action.method === request.method ? matchPath(action.path, url.pathname) : undefined
    if (!params) continue
    const { body, isForm, back } = readBody(request.body, request.contentType)
    const outcome = await action.run(sources, { params, body })
    if ('problem' in outcome) return outcome.problem
    if (isForm) return { status: 303, headers: { location: back }, body: '' }
    return json(outcome.done, outcome.status)
  }
  return undefined
}

function nothingThere({ request, url, actions }: Context): Problem {
  const path = url.pathname
  const isView = VIEWS.some(one => matchPath(one.path, path))
  if (isView && isReading(request)) {
    return {
      status: 404,
      code: 'not_found',
      title: 'Not found',
      detail: `There is nothing at ${path}${url.search}.`,
    }
  }
  const methods = actions.filter(action => matchPath(action.path, path)).map(action => action.method)
  const allow = [...(isView || path === '/health' ? ['GET'] : []), ...methods].join(', ')
  if (allow !== '') {
    const detail = `${path} takes ${allow}.`
    return { status: 405, code: 'method_not_allowed', title: 'Wrong method', detail, headers: { allow } }
  }
  const known = VIEWS.map(one => one.path).join(', ')
  return {
    status: 404,
    code: 'not_found',
    title: 'Not found',
    detail: `The console has ${known} and /health.`,
  }
}

function writeProblem(context: Context, problem: Problem): Answer {
  if (!wantsPage(context)) return problemJson(problem)
  const { request, sources } = context
  return renderProblem(problem, { sources, theme: parseTheme(request.cookie) })
}
