/**
 * A person's browser without a screen: keeps cookies, reads forms from the page, fills them in, follows redirects. Seed,
 * demo and scenarios use the product through its pages with it, forms and hidden fields included.
 */
export type Page = { readonly url: string; readonly status: number; readonly html: string }

const MAX_REDIRECTS = 10

export class Browser {
  private readonly cookies = new Map<string, string>()

  open(url: string): Promise<Page> {
    return this.request(url, { method: 'GET' })
  }

  /**
   * Submits the form of the page that has all the given fields; where several do, the one that already holds one of the
   * given values (the card of a plan), else the first; `action` names the one meant. Hidden fields go along as they are.
   */
  submit(page: Page, fields: Readonly<Record<string, string>>, action?: string): Promise<Page> {
    const forms = formsOf(page.html).filter(
      form =>
        (action === undefined || form.action === action) &&
        Object.keys(fields).every(name => form.names.has(name)),
    )
    const form =
      forms.find(({ values }) => Object.keys(fields).some(name => values[name] === fields[name])) ?? forms[0]
    if (!form)
      throw new Error(`${page.url} has no form with ${Object.keys(fields).join(', ')}:\n${textOf(page.html)}`)
    const body = new URLSearchParams({ ...form.values, ...fields })
    return this.request(new URL(form.action || page.url, page.url).href, {
      method: 'POST',
      body,
      headers: { origin: new URL(page.url).origin },
    })
  }

  private async request(url: string, init: RequestInit, redirects = 0): Promise<Page> {
    if (redirects > MAX_REDIRECTS) throw new Error(`too many redirects at ${url}`)
    const headers = new Headers(init.headers)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookie) headers.set('cookie', cookie)
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.keepCookie(line)
    const location = response.headers.get('location')
    if (location && response.status >= 300 && response.status < 400) {
      await response.arrayBuffer()
      return this.request(new URL(location, url).href, { method: 'GET' }, redirects + 1)
    }
    return { url, status: response.status, html: await response.text() }
  }

  private keepCookie(line: string): void {
    const [pair = '', ...attributes] = line.split(';')
    const name = pair.slice(0, pair.indexOf('=')).trim()
    const value = pair.slice(pair.indexOf('=') + 1).trim()
    const gone = value === '' || attributes.some(attribute => /^\s*max-age\s*=\s*0\s*$/i.test(attribute))
    if (gone) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

type Form = { action: string; values: Record<string, string>; names: Set<string> }

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, attributes = '', inner = '']) => {
    const form: Form = { action: attributeOf(attributes, 'action'), values: {}, names: new Set() }
    for (const [, tag = '', rest = ''] of inner.matchAll(/<(input|select|textarea|button)\b([^>]*)>/gi)) {
      const name = attributeOf(rest, 'name')
      if (!name) continue
      form.names.add(name)
      const unchecked = /type="(checkbox|radio)"/i.test(rest) && !/\bchecked\b/i.test(rest)
      if (tag.toLowerCase() === 'input' && !unchecked) form.values[name] = attributeOf(rest, 'value')
    }
    return form
  })
}

function attributeOf(attributes: string, name: string): string {
  const match = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(attributes)
  return unescapeHtml(match?.[1] ?? '')
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
}
export const unescapeHtml = (text: string): string =>
  text.replace(/&(#?\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole)

/** What a person reads on the page. */
export const textOf = (html: string): string =>
  unescapeHtml(
    html
      .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim()
