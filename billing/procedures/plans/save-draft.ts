import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Actor, Handlers } from '#kernel/rpc'
import { getDraft, putDraft, type StoredDraft } from '../../plans/drafts.ts'
import { checkDraft, listNewest } from '../../plans/load-draft.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

/** A plan has a dozen members and at most a few tiers. */
const DRAFT_MAX_BYTES = 16 * 1024

/**
 * Keeps a draft, right or not, on condition that it is still the one that was read. Currency and unit are those of the
 * deployment; before anything is published the draft says them.
 */
export const adminSaveDraft =
  ({
    billing,
    plans,
  }: Pick<BillingDeps, 'billing' | 'plans'>): Handlers<typeof billingContract>['adminSaveDraft'] =>
  async (input, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    if (JSON.stringify(input.definition).length > DRAFT_MAX_BYTES)
      return fail('invalid_request', 'The plan is too large: it has more tiers than anybody can read.')
    const [published] = await listNewest(plans)
    const currency = input.currency ?? published?.currency
    if (currency === undefined)
      return fail('invalid_request', 'Name the currency: this is the first plan of the deployment.')
    if (published && currency !== published.currency)
      return fail(
        'invalid_request',
        `The currency is ${published.currency}: it is fixed at the first publish.`,
      )
    const current = await getDraft(billing, input.planId)
    const draft: StoredDraft = {
      planId: input.planId,
      currency,
      unit: input.unit ?? current?.unit ?? published?.unit ?? 'call',
      definition: input.definition,
      revision: (input.revision ?? 0) + 1,
      savedAt: call.now,
      savedBy: nameOf(call.actor),
    }
    if (!(await putDraft(billing, draft)))
      return fail(
        'draft_changed',
        'Somebody else saved, discarded or published this draft meanwhile. Load it again and repeat your change.',
      )
    return ok({ draft: (await checkDraft(plans, draft)).draft })
  }

const nameOf = (actor: Actor): string => (actor.kind === 'service' ? actor.service : actor.userId)
