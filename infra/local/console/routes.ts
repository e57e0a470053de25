import { createAdvance, isoOf } from './advance.ts'
import { type Answer, json, problem } from './answer.ts'
import { renderPage } from './page.ts'
import type { ConsoleSources } from './sources.ts'

export type ConsoleRequest = {
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly body: string
}

type Handler = (request: ConsoleRequest) => Answer | Promise<Answer>

/** The console's routes: JSON everywhere, one HTML page at `/`. */
export function createRoutes(sources: ConsoleSources): (request: ConsoleRequest) => Promise<Answer> {
  const { clock } = sources
  const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    '/': { GET: () => renderPage(sources) },
    '/mailbox': { GET: () => json(sources.mailbox().map(mail => ({ ...mail, sentAt: iso(mail.sentAt) }))) },
    '/clock': { GET: () => json({ now: isoOf(clock), mode: clock.mode, offsetMs: clock.offsetMs() }) },
    '/clock/advance': { POST: createAdvance(clock) },
    '/executions': { GET: () => json(sources.executions()) },
    '/dead-letters': {
      GET: () => json(sources.deadLetters().map(letter => ({ ...letter, sentAt: iso(letter.sentAt) }))),
    },
    '/events': { GET: () => json(sources.recentEvents()) },
    '/journal': { GET: () => json(sources.journal().map(entry => ({ ...entry, at: iso(entry.at) }))) },
    '/functions': { GET: () => json(sources.functions()) },
    '/health': { GET: () => json(sources.health()) },
  }
  return async request => {
    const handlers = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined
    if (!handlers) {
      return problem(404, 'not_found', 'No such page', `The console has ${Object.keys(routes).join(', ')}.`)
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined
    const allow = Object.keys(handlers).join(', ')
    if (!handler) {
      return problem(405, 'method_not_allowed', 'Wrong method', `${request.path} takes ${allow}.`, { allow })
    }
    return await handler(request)
  }
}

const iso = (at: number): string => new Date(at).toISOString()
