import { Browser, type Page, textOf, unescapeHtml } from './browser.ts'

/** Where the product is, and the console of the local cloud for mails and time. */
export type Places = { readonly portalUrl: string; readonly apiUrl: string; readonly consoleUrl: string }

export type ApiAnswer = {
  readonly status: number
  readonly units: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers of the metered API, read by tests and the demo.
  readonly body: any
}

const TEST_CARD = {
  cardNumber: '4242 4242 4242 4242',
  cardExpiry: '12 / 34',
  cardCvc: '123',
  billingName: 'Ada Lovelace',
}

/** A developer who uses the product as people do: pages, mails, HTTP calls. Throws with the page's text when stuck. */
export class Customer {
  readonly browser = new Browser()
  readonly email: string
  readonly password: string
  private readonly places: Places
  private key: string | undefined

  constructor(places: Places, email: string, password = 'Correct-horse-7') {
    this.places = places
    this.email = email
    this.password = password
  }

  async signUp(): Promise<void> {
    const page = await this.browser.open(`${this.places.portalUrl}/signup`)
    const confirm = await this.browser.submit(page, { email: this.email, password: this.password })
    const code = await this.codeFromMail()
    const done = await this.browser.submit(confirm, { code })
    if (done.status >= 400) throw new Error(`sign-up stopped at ${done.url}: ${textOf(done.html)}`)
    if (new URL(done.url).pathname === '/signin') await this.signIn()
  }

  async signIn(): Promise<Page> {
    const page = await this.browser.open(`${this.places.portalUrl}/signin`)
    return this.browser.submit(page, { email: this.email, password: this.password })
  }

  /** Creates a key and keeps the secret for `call`. */
  async createKey(name: string): Promise<string> {
    const page = await this.browser.open(`${this.places.portalUrl}/keys`)
    const shown = await this.browser.submit(page, { name })
    const secret = /data-testid="new-key"[^>]*>\s*([^<\s]+)/.exec(shown.html)?.[1]
    if (!secret) throw new Error(`no new key on ${shown.url}: ${textOf(shown.html)}`)
    this.key = unescapeHtml(secret)
    return this.key
  }

  /** Calls with this secret from now on. */
  useKey(secret: string): void {
    this.key = secret
  }

  /** Revokes the key of this name, confirming where the page asks. */
  async revokeKey(name: string): Promise<void> {
    const page = await this.browser.open(`${this.places.portalUrl}/keys`)
    const row = page.html.split('<tr').find(part => part.includes(name))
    const link = /href="(\/keys\/[^"]+\/revoke)"/.exec(row ?? '')?.[1]
    if (!link) throw new Error(`no key "${name}" to revoke on /keys: ${textOf(page.html)}`)
    await this.browser.submit(await this.openPage(link), {}, link)
  }

  /** Chooses a plan and pays on Stripe's page. The new limits are in force a little later. */
  async buy(planId: string, card: Partial<typeof TEST_CARD> = {}): Promise<Page> {
    const page = await this.browser.open(`${this.places.portalUrl}/plan`)
    const checkout = await this.browser.submit(page, { plan: planId })
    return this.browser.submit(checkout, { ...TEST_CARD, ...card })
  }

  openPage(path: string): Promise<Page> {
    return this.browser.open(`${this.places.portalUrl}${path}`)
  }

  /** Calls the metered API with the newest key. */
  async call(path: string, body: unknown, key = this.key): Promise<ApiAnswer> {
    const response = await fetch(`${this.places.apiUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return {
      status: response.status,
      units: Number(response.headers.get('tollgate-units') ?? 0),
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }

  async codeFromMail(): Promise<string> {
    const mails = (await (await fetch(`${this.places.consoleUrl}/mailbox`)).json()) as {
      to: string
      code?: string
    }[]
    const code = mails.find(mail => mail.to === this.email && mail.code)?.code
    if (!code) throw new Error(`no code was mailed to ${this.email}`)
    return code
  }
}

/** One hundred well-formed checks: the largest batch. */
export const batchOf = (count: number): { checks: unknown[] } => ({
  checks: Array.from({ length: count }, (_, i) =>
    i % 2 === 0
      ? { type: 'email', email: `person${i}@example.com` }
      : { type: 'phone', phone: '+14155552671' },
  ),
})
