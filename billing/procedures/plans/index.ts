import type { planProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import type { BillingDeps } from '../deps.ts'
import { adminListPlans } from './admin-list-plans.ts'
import { applyPlans } from './apply-plans.ts'
import { adminArchivePlan, adminUnarchivePlan } from './archive-plan.ts'
import { adminCheckDrift } from './check-drift.ts'
import {
  adminGetMigration,
  adminPauseMigration,
  adminResumeMigration,
  adminStartMigration,
  adminUndoMigration,
} from './migrate-plan.ts'
import { adminPublishDraft } from './publish-draft.ts'
import { adminDiffDraft, adminDiscardDraft, adminGetDraft } from './read-draft.ts'
import { adminListRehearsal, adminPreviewMigration, adminRehearseDraft } from './rehearse-draft.ts'
import { adminSaveDraft } from './save-draft.ts'

export function planHandlers(deps: BillingDeps): Handlers<typeof planProcedures> {
  const catalogue = createStripeAdapter(deps.stripe)
  return {
    applyPlans: applyPlans(deps),
    adminListPlans: adminListPlans(deps),
    adminSaveDraft: adminSaveDraft(deps),
    adminGetDraft: adminGetDraft(deps),
    adminDiscardDraft: adminDiscardDraft(deps),
    adminDiffDraft: adminDiffDraft(deps),
    adminRehearseDraft: adminRehearseDraft(deps),
    adminListRehearsal: adminListRehearsal(deps),
    adminPublishDraft: adminPublishDraft(deps),
    adminArchivePlan: adminArchivePlan({ ...deps, catalogue }),
    adminUnarchivePlan: adminUnarchivePlan({ ...deps, catalogue }),
    adminPreviewMigration: adminPreviewMigration(deps),
    adminStartMigration: adminStartMigration(deps),
    adminPauseMigration: adminPauseMigration(deps),
    adminResumeMigration: adminResumeMigration(deps),
    adminUndoMigration: adminUndoMigration(deps),
    adminGetMigration: adminGetMigration(deps),
    adminCheckDrift: adminCheckDrift({ ...deps, catalogue }),
  }
}
