import type { Hono } from 'hono'
import type { AppEnv } from '../http/app-env.ts'

export type Visit = {
  readonly status: number
  readonly path: string
  readonly html: string
  readonly headers: Headers
  /** Where a redirect leads that was not followed because it leaves the site. */
  readonly leftTo: string | undefined
}

const ORIGIN = 'http://portal.test'

/** Enough of a browser for tests: cookies, redirects, and forms posted with the fields they were rendered with. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #app: Hono<AppEnv>
  page: Visit = { status: 0, path: '', html: '', headers: new Headers(), leftTo: undefined }

  constructor(app: Hono<AppEnv>) {
    this.#app = app
  }

  async get(path: string): Promise<Visit> {
    this.page = await this.#follow(await this.#request(path, { method: 'GET' }), path)
    return this.page
  }

  /** Fills in and sends the form of the current page that posts to `action`. */
  submit(action: string, fields: Readonly<Record<string, string>> = {}): Promise<Visit> {
    return this.post(action, { ...this.hiddenFields(action), ...fields })
  }

  /** The hidden fields of a form on the current page. */
  hiddenFields(action: string): Record<string, string> {
    const form = this.page.html.split('<form ').find(part => part.includes(`action="${action}"`))
    if (!form) throw new Error(`${this.page.path} has no form that posts to ${action}`)
    const inputs = form.split('</form>')[0]?.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
    return Object.fromEntries([...(inputs ?? [])].map(([, name = '', value = '']) => [name, value]))
  }

  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = { origin: ORIGIN },
  ): Promise<Visit> {
    const body = new URLSearchParams(fields)
    this.page = await this.#follow(await this.#request(path, { method: 'POST', body, headers }), path)
    return this.page
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(init.headers as Record<string, string>), host: 'portal.test', cookie }
    const answer = await this.#app.request(`${ORIGIN}${path}`, { ...init, headers })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return answer
  }

  async #follow(answer: Response, path: string): Promise<Visit> {
    const location = answer.headers.get('location')
    if (location?.startsWith('/'))
      return this.#follow(await this.#request(location, { method: 'GET' }), location)
    const html = await answer.text()
    return { status: answer.status, path, html, headers: answer.headers, leftTo: location ?? undefined }
  }
}
