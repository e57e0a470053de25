import type { Engine } from './engine.ts'
import { emptyState, type State } from './state.ts'

/** Raised when the state's shape changes, so that an older snapshot is refused and not misread. */
const VERSION = 1

type StripeSnapshot = { readonly version: typeof VERSION; readonly baseUrl: string; readonly state: State }

/** The engine's state by reference: structured-cloneable, to be serialized before anything else happens. */
export function snapshotState(engine: Engine): StripeSnapshot {
  return { version: VERSION, baseUrl: engine.settings.baseUrl, state: engine.state }
}

/** Puts a snapshot back. Throws when it is none of this version. */
export function restoreState(engine: Engine, snapshot: unknown): void {
  if (!isSnapshot(snapshot)) throw new Error('The snapshot of the local Stripe is of another version.')
  Object.assign(engine.state, snapshot.state)
  moveUrls(engine, snapshot.baseUrl)
}

function isSnapshot(value: unknown): value is StripeSnapshot {
  if (typeof value !== 'object' || value === null) return false
  const { version, baseUrl, state } = value as Record<keyof StripeSnapshot, unknown>
  if (version !== VERSION || typeof baseUrl !== 'string' || typeof state !== 'object' || state === null)
    return false
  const fields = new Map(Object.entries(state))
  return Object.entries(emptyState()).every(([name, empty]) => {
    const given = fields.get(name)
    return empty instanceof Map
      ? given instanceof Map
      : Array.isArray(empty) === Array.isArray(given) && typeof given === typeof empty
  })
}

/** The hosted pages may be at another port than before. */
function moveUrls({ state, settings }: Engine, before: string): void {
  const moved = <T extends string | null | undefined>(url: T): T | string =>
    url?.startsWith(`${before}/`) ? `${settings.baseUrl}${url.slice(before.length)}` : url
  for (const invoice of state.invoices.values()) {
    if (invoice.hosted_invoice_url) invoice.hosted_invoice_url = moved(invoice.hosted_invoice_url)
    if (invoice.invoice_pdf) invoice.invoice_pdf = moved(invoice.invoice_pdf)
  }
  for (const session of state.checkoutSessions.values()) session.url = moved(session.url)
  for (const session of state.portalSessions.values()) session.url = moved(session.url)
}
