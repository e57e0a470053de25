import type { AccountRow, billingContract, CloseSummary, Proof, StatementLine } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { HOUR_MS, instant } from '#kernel/time'
import { NOVEMBER, NOW, STARTER, type World } from './fake-services.ts'

export const ACCOUNT_ID = `acct_${'1'.repeat(22)}`
export const INVOICE_ID = 'in_1'
export const DAY = '2026-11-19'

const row: AccountRow = {
  ...{ accountId: ACCOUNT_ID, planVersionId: 'starter@1', planName: 'Starter', openedAt: NOVEMBER.start },
  ...{ blocks: [], payment: 'good', customerId: 'cus_1', subscriptionId: 'sub_1' },
}
const proof: Proof = {
  ...{ meteredUnits: 22_000, carriedInUnits: 0, carriedOutUnits: 0, waivedUnits: 0 },
  ...{ reportedUnits: 22_000, invoicedUnits: 22_000, holds: true },
}
const line: StatementLine = {
  ...{ kind: 'tier', description: 'Further checks', quantity: 2_000, unitPriceMinor: '0.15' },
  ...{ amountMinor: '300', period: NOVEMBER },
}
const close: CloseSummary = {
  ...{ accountId: ACCOUNT_ID, invoiceId: INVOICE_ID, period: NOVEMBER, planVersionId: 'starter@1' },
  ...{
    close: 'held',
    reason: 'A line differs.',
    closedAt: null,
    invoicedUnits: 22_001,
    meteredUnits: 22_000,
  },
}
const reconciled = {
  ...{ day: DAY, state: 'clean' as const, runs: 1, checkedAt: NOW, served: 25, failed: 2, missing: 0 },
  ...{ voided: 0, deviations: [], stripe: { segments: 1, differences: [] } },
  gateway: { countedCalls: 27, loggedCalls: 27, isWithinTolerance: true, plans: [] },
}
const draft = {
  ...{ planId: 'starter', currency: 'usd', unit: 'check', definition: { id: 'starter', name: 'Starter' } },
  ...{ revision: 2, savedAt: NOW, savedBy: 'usr_1', problems: [], warnings: [] },
}
const rehearsal = {
  ...{ planId: 'starter', target: 'draft' as const, months: 1, asOf: NOW, done: true, accounts: 1 },
  ...{ rehearsedMonths: 1, beforeMinor: '2900', afterMinor: '3900', payMore: 1, payLess: 0 },
  ...{ leaveIncluded: 0, stop: 0 },
}

/** What billing answers to the pages of limits, plan changes, closes, accounts, reconciliation and drafts. */
export function fakeBillingDetails(world: World) {
  const limits = () => ({
    ...{ segment: NOVEMBER, currency: 'usd', unit: 'check', isPayer: true, quotaUnits: null, freshAt: NOW },
    ...{ spendCap: cap('10000'), keyCaps: [] },
  })
  return {
    getLimits: async () => ok(limits()),
    previewSpendCap: async ({ capMinor }) => ok(cap(capMinor)),
    listRemainders: async () => ok({ remainders: world.remainders }),
    explainInvoice: async () =>
      ok({
        ...{ period: NOVEMBER, planName: 'Starter', unit: 'check', currency: 'usd', proof, lateUnits: 0 },
        ...{ lines: [], totalMinor: '0', level: null },
      }),
    getProofFiles: async () =>
      ok({ sha256: 'a'.repeat(64), expiresAt: instant(NOW + HOUR_MS / 4), files: [] }),
    adminListAccounts: async () => ok({ accounts: [row], next: null }),
    adminGetAccount: async ({ accountId }) => ok({ ...row, accountId }),
    adminListCloses: async () => ok({ held: [close], open: [], awaited: [], recent: [] }),
    adminGetClose: async () =>
      ok({
        ...{
          summary: close,
          planName: 'Starter',
          unit: 'check',
          currency: 'usd',
          statementTotalMinor: '300',
        },
        invoice: { number: 'A-1', status: 'open', totalMinor: '300', hostedUrl: null },
        ...{ measure: null, reportedUnits: 22_000, summaryUnits: 22_001, proof: null, decision: null },
        lines: [{ stripe: line, ours: line, equal: true }],
        history: [{ at: NOW, attempt: 1, step: 'compare', outcome: 'held' }],
        work: { state: 'held', attempt: 1, since: NOW },
      }),
    adminListReconciliations: async () => ok({ days: [reconciled], meterProblems: [], deadLetters: 1 }),
    adminGetReconciliation: async ({ day }) =>
      day === DAY ? ok(reconciled) : fail('not_found', 'There is no such day.'),
    adminListDeadLetters: async () =>
      ok({ waiting: 1, letters: [{ kind: 'line', reason: 'no JSON', sentAt: NOW }] }),
    adminGetDraft: async () => ok({ draft, live: STARTER }),
    adminDiffDraft: async () =>
      ok({
        ...{ draft, live: 'starter@1' },
        changes: [{ pointer: '/flatFeeMinor', label: 'Monthly fee', before: '$29.00', after: '$39.00' }],
      }),
    adminRehearseDraft: async () => ok(rehearsal),
    adminPreviewMigration: async () => ok({ ...rehearsal, target: 'starter@1' }),
    adminListRehearsal: async () => ok({ rows: [], nextCursor: null }),
  } satisfies Partial<Handlers<typeof billingContract>>
}

const cap = (capMinor: string | null) => ({
  ...{ capMinor, chosenMinor: capMinor, defaultCapMinor: null, capUnits: capMinor === null ? null : 86_669 },
  ...{ usedUnits: 4_023, spentMinor: '0', isReached: false },
})
