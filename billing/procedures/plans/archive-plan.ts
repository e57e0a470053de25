import { type billingContract, isFree } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { CatalogueStripe } from '../../plans/ports.ts'
import { alignSale } from '../../plans/sale.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

export type ArchiveDeps = Pick<BillingDeps, 'billing' | 'plans'> & { readonly catalogue: CatalogueStripe }

/**
 * Takes a plan off sale: here first, then at Stripe. Cut off in between, nobody can buy it any more, and the drift check
 * names what is left; archiving again finishes it.
 */
export const adminArchivePlan =
  (deps: ArchiveDeps): Handlers<typeof billingContract>['adminArchivePlan'] =>
  async ({ planId, reason }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const pointer = await deps.plans.getPointer(planId)
    if (!pointer) return fail('plan_not_found', `There is no plan ${planId}.`)
    if (pointer.archivedAt === undefined) {
      const live = await deps.plans.listLive()
      const free = live.filter(isFree)
      if (free.length === 1 && free[0]?.id === planId)
        return fail(
          'plan_needed',
          `${free[0].name} is the only free plan: new accounts begin on it, and who cancels goes back to it. Publish another free plan first.`,
        )
      await appendAudit(deps.billing, call, {
        ...{ accountId: null, action: 'plan.archived', reason },
        ...{ before: { planId, onSale: pointer.planVersionId }, after: { planId, onSale: null } },
      })
    }
    const archived = await deps.plans.archive(planId, call.now)
    await alignSale(deps, deps.catalogue, planId)
    return ok({ archivedAt: archived?.archivedAt ?? call.now })
  }

/** Puts a plan on sale again as its newest version: at Stripe first, then here. */
export const adminUnarchivePlan =
  (deps: ArchiveDeps): Handlers<typeof billingContract>['adminUnarchivePlan'] =>
  async ({ planId, reason }, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const pointer = await deps.plans.getPointer(planId)
    const newest = pointer && (await deps.plans.getVersion(pointer.planVersionId))
    if (!newest) return fail('plan_not_found', `There is no plan ${planId}.`)
    const { planVersionId, stripe } = newest
    if (pointer.archivedAt === undefined) return ok({ planVersionId })
    await appendAudit(deps.billing, call, {
      ...{ accountId: null, action: 'plan.unarchived', reason },
      ...{ before: { planId, onSale: null }, after: { planId, onSale: planVersionId } },
    })
    if (stripe) {
      const products = [stripe.productId, ...(stripe.usageProductId ? [stripe.usageProductId] : [])]
      for (const id of products) await deps.catalogue.setProductActive(id, true)
      for (const id of [stripe.flatPriceId, stripe.meteredPriceId])
        await deps.catalogue.setPriceActive(id, true)
    }
    await deps.plans.unarchive(planId)
    return ok({ planVersionId })
  }
