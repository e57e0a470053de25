import { FUNCTIONS, type FunctionName } from './names.ts'

/** Source entry of every Lambda function, relative to the repository. */
export const FUNCTION_ENTRIES: Readonly<Record<FunctionName, string>> = {
  authorizer: 'api/authorizer/authorizer.lambda.ts',
  api: 'api/api.lambda.ts',
  access: 'api/access/access.lambda.ts',
  tendGatewayKeys: 'api/access/tend-gateway-keys.lambda.ts',
  billing: 'billing/billing.lambda.ts',
  recordUsage: 'billing/ledger/record-usage.lambda.ts',
  rollUp: 'billing/jobs/roll-up.lambda.ts',
  reportUsage: 'billing/jobs/report-usage.lambda.ts',
  reconcile: 'billing/jobs/reconcile.lambda.ts',
  sweepCloses: 'billing/jobs/sweep-closes.lambda.ts',
  sweepChanges: 'billing/jobs/sweep-changes.lambda.ts',
  watchPayments: 'billing/jobs/watch-payments.lambda.ts',
  sweepPayments: 'billing/jobs/sweep-payments.lambda.ts',
  exportLedger: 'billing/jobs/export-ledger.lambda.ts',
  billingOutbox: 'billing/jobs/publish-outbox.lambda.ts',
  openAccount: 'billing/jobs/open-account.lambda.ts',
  stripeWebhook: 'billing/webhooks/stripe-webhook.lambda.ts',
  startWorkflow: 'billing/webhooks/start-workflow.lambda.ts',
  publishPlanStep: 'billing/workflows/publish-plan.lambda.ts',
  migratePlanStep: 'billing/workflows/migrate-plan.lambda.ts',
  checkPlans: 'billing/jobs/check-plans.lambda.ts',
  changePlanStep: 'billing/workflows/change-plan.lambda.ts',
  closeInvoiceStep: 'billing/workflows/close-invoice.lambda.ts',
  collectPaymentStep: 'billing/workflows/collect-payment.lambda.ts',
  portal: 'portal/portal.lambda.ts',
  sendMail: 'portal/mail/send-mail.lambda.ts',
  portalOutbox: 'portal/jobs/publish-outbox.lambda.ts',
}

export const functionNames = Object.keys(FUNCTIONS) as FunctionName[]
