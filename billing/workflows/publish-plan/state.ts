import * as z from 'zod/mini'
import {
  currencySchema,
  planDefinitionSchema,
  planVersionIdSchema,
  planVersionSchema,
} from '#billing/contract'
import type { BillingDeps } from '../../procedures/deps.ts'
import type { PriceStripe } from './make-prices.ts'

/** The state of `publish-plan`; the README of `workflows` says which step sets what. */
export const publishStateSchema = z.object({
  definition: planDefinitionSchema,
  currency: currencySchema,
  unit: z.string(),
  planVersionId: planVersionIdSchema,
  version: z.int().check(z.gte(1)),
  attempt: z.int(),
  /** The draft that is published; it goes with the last step. */
  draftRevision: z.optional(z.int()),
  outcome: z.optional(z.string()),
  stripe: z.optional(planVersionSchema.shape.stripe),
  limitSetId: z.optional(z.string()),
})
export type PublishState = z.output<typeof publishStateSchema>

export type PublishPorts = Pick<BillingDeps, 'access' | 'billing' | 'plans' | 'publish'> & {
  readonly stripe: PriceStripe
}
