import { accessContract } from '#api/contract'
import { billingContract } from '#billing/contract'
import { createMemoryTable } from '#kernel/memory-table'
import type { DomainEvent } from '#kernel/outbox'
import { type Client, type Contract, client, type Handlers, serve } from '#kernel/rpc'
import { instant, plusMs } from '#kernel/time'
import { createAnnounce } from '../accounts/announce.ts'
import { createAccountStore } from '../accounts/store.ts'
import { createPortal } from '../app.tsx'
import type { PortalDeps } from '../deps.ts'
import { Browser } from './browser.ts'
import { fakeBillingDetails } from './fake-admin.ts'
import { CODE, createFakeIdentity, PASSWORD } from './fake-identity.ts'
import { emptyWorld, fakeAccess, fakeBilling, NOW } from './fake-services.ts'

/** The real portal on fakes: every answer of a service goes through its contract, as over Lambda. */
export function createTestPortal(change: Partial<PortalDeps> = {}) {
  const clock = { now: NOW }
  const world = emptyWorld()
  const table = createMemoryTable()
  const published: DomainEvent[] = []
  const bus = { up: true }
  const failures: { message: string; error: unknown; requestId: string }[] = []
  const { identity, verifyToken, people, revoked } = createFakeIdentity(() => clock.now)
  const publish = async (event: DomainEvent) => {
    if (!bus.up) throw new Error('the bus is down')
    published.push(event)
  }
  const deps: PortalDeps = {
    identity,
    verifyToken,
    access: throughContract(accessContract, fakeAccess(world)),
    billing: throughContract(billingContract, { ...fakeBilling(world), ...fakeBillingDetails(world) }),
    accounts: { ...createAccountStore(table), announce: createAnnounce(table, publish, () => {}) },
    now: () => clock.now,
    portalUrl: 'http://portal.test',
    apiUrl: 'http://api.test',
    log: {
      request: () => {},
      failure: (message, error, requestId) => failures.push({ message, error, requestId }),
    },
    ...change,
  }
  const app = createPortal(deps)
  return {
    app,
    deps,
    world,
    table,
    published,
    bus,
    failures,
    people,
    revoked,
    browser: () => new Browser(app),
    advance: (ms: number) => {
      clock.now = plusMs(instant(clock.now), ms)
    },
    /** A browser in which somebody has signed up, confirmed and signed in. */
    async signedIn(email = 'ada@example.com', { admin = false } = {}): Promise<Browser> {
      const browser = new Browser(app)
      await browser.get('/signup')
      await browser.submit('/signup', { email, password: PASSWORD })
      await browser.submit('/confirm', { code: CODE })
      const person = people.get(email)
      if (person) person.admin = admin
      await browser.get('/signin')
      await browser.submit('/signin', { email, password: PASSWORD })
      return browser
    },
  }
}

const throughContract = <C extends Contract>(contract: C, handlers: Partial<Handlers<C>>): Client<C> => {
  const handler = serve(contract, handlers as Handlers<C>)
  return client(contract, async payload =>
    JSON.parse(JSON.stringify(await handler(JSON.parse(JSON.stringify(payload))))),
  )
}
