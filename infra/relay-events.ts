import type Stripe from 'stripe'

/** Events may become readable a little out of order, so each look goes back this far behind the newest one. */
const OVERLAP_SECONDS = 300
/** Real time between two looks. */
const LOOK_EVERY_MS = 2_000
/** An event that is not taken comes again after two seconds, then four, eight … at most every five minutes. */
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 300_000

export type RelayParts = {
  /** Stripe's events that were made at or after this time (epoch seconds), newest first. */
  readonly list: (createdFrom: number) => AsyncIterable<Stripe.Event>
  /** Hands one event to the webhook; false when it did not take it. */
  readonly deliver: (event: Stripe.Event) => Promise<boolean>
  /** Events made before this time (epoch seconds) are not ours. */
  readonly since: number
  readonly now: () => number
}

type Waiting = { readonly event: Stripe.Event; tries: number; notBefore: number }

/**
 * Carries a sandbox's events to a webhook that Stripe cannot reach: each once it was taken, oldest first, those that are
 * not taken again and again. One call is one look. As with Stripe's own deliveries, one may come twice (after a restart)
 * and out of order.
 */
export function createRelay({ list, deliver, since, now }: RelayParts): () => Promise<void> {
  const seen = new Map<string, number>()
  const waiting = new Map<string, Waiting>()
  let newest = since

  async function look(): Promise<void> {
    const found: Stripe.Event[] = []
    for await (const event of list(Math.max(since, newest - OVERLAP_SECONDS)))
      if (!seen.has(event.id)) found.push(event)
    for (const event of found.reverse()) {
      seen.set(event.id, event.created)
      newest = Math.max(newest, event.created)
      waiting.set(event.id, { event, tries: 0, notBefore: 0 })
    }
    // Twice the overlap: what may be listed once more is still known.
    for (const [id, created] of seen) if (created < newest - 2 * OVERLAP_SECONDS) seen.delete(id)
  }

  async function handOver(one: Waiting): Promise<void> {
    if (one.notBefore > now()) return
    if (await deliver(one.event)) {
      waiting.delete(one.event.id)
      return
    }
    one.notBefore = now() + Math.min(FIRST_RETRY_MS * 2 ** one.tries, LONGEST_RETRY_MS)
    one.tries += 1
  }

  return async () => {
    await look()
    for (const one of [...waiting.values()]) await handOver(one)
  }
}

/** Looks again and again until the returned function is called. A look that fails is told once, until one succeeds. */
export function keepLooking(look: () => Promise<void>, tell: (error: unknown) => void): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let isFailing = false
  async function turn(): Promise<void> {
    try {
      await look()
      isFailing = false
    } catch (error) {
      if (!isFailing) tell(error)
      isFailing = true
    }
    if (!stopped) timer = setTimeout(start, LOOK_EVERY_MS)
  }
  let latest: Promise<void> = Promise.resolve()
  const start = () => {
    latest = turn()
  }
  start()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await latest
  }
}
