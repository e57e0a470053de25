import type { Call } from '#kernel/rpc'
import { HOUR_MS, plusMs } from '#kernel/time'
import { listDue } from '../accounts/due.ts'
import { applyBlocks } from '../payments/apply-blocks.ts'
import { readCollecting } from '../payments/dunning-record.ts'
import type { CollectionStripe } from '../payments/ports.ts'
import { type CollectStarter, startCollecting } from '../payments/start-collecting.ts'
import type { BillingDeps } from '../procedures/deps.ts'

export type WatchDeps = Pick<
  BillingDeps,
  'access' | 'accounts' | 'billing' | 'ledger' | 'plans' | 'publish'
> &
  CollectStarter & { readonly stripe: Pick<CollectionStripe, 'listSettledSince'> }
export type Watched = { readonly woken: readonly string[]; readonly problems: readonly string[] }

/**
 * How far back settled invoices are looked for: a job that did not run for an hour misses none, and the hourly sweep
 * looks at every invoice itself.
 */
const WINDOW_MS = HOUR_MS

/**
 * Every minute, so that whoever pays can call again within two: repeats what a crash left undone about blocks, and
 * notices the payment of an invoice that blocks its account although the webhook was lost. While nobody is blocked it
 * reads two partitions and asks Stripe nothing; else Stripe is asked once, however many are blocked.
 */
export async function watchPayments(deps: WatchDeps, call: Call): Promise<Watched> {
  const problems: string[] = []
  const woken: string[] = []
  const attempt = async (what: string, run: () => Promise<void>) => {
    try {
      await run()
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const marker of await listDue(deps.billing, 'blocks-due'))
    await attempt(marker.name, () => applyBlocks(deps, marker.name, call, marker))
  const blocking = (await readCollecting(deps.billing)).filter(({ blocked }) => blocked)
  if (blocking.length === 0) return { woken, problems }
  await attempt('settled invoices', async () => {
    const settled = new Set(await deps.stripe.listSettledSince(plusMs(call.now, -WINDOW_MS)))
    for (const one of blocking.filter(({ invoiceId }) => settled.has(invoiceId)))
      await attempt(one.invoiceId, async () => {
        const { started } = await startCollecting(deps, one, call.now, { wake: true })
        if (started !== null) woken.push(started)
      })
  })
  return { woken, problems }
}
