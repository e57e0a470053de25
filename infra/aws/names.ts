/**
 * Physical names. Only the shared stack is referenced across stacks; every other name that crosses a stack is built
 * here, so that stacks deploy and roll back on their own.
 */
export const STACKS = {
  shared: 'tollgate-shared',
  api: 'tollgate-api',
  billing: 'tollgate-billing',
  portal: 'tollgate-portal',
} as const

export const FUNCTIONS = {
  authorizer: 'tollgate-authorizer',
  api: 'tollgate-api',
  access: 'tollgate-access',
  tendGatewayKeys: 'tollgate-tend-gateway-keys',
  billing: 'tollgate-billing',
  recordUsage: 'tollgate-record-usage',
  rollUp: 'tollgate-roll-up',
  reportUsage: 'tollgate-report-usage',
  reconcile: 'tollgate-reconcile',
  sweepCloses: 'tollgate-sweep-closes',
  sweepChanges: 'tollgate-sweep-changes',
  watchPayments: 'tollgate-watch-payments',
  sweepPayments: 'tollgate-sweep-payments',
  exportLedger: 'tollgate-export-ledger',
  stripeWebhook: 'tollgate-stripe-webhook',
  startWorkflow: 'tollgate-start-workflow',
  openAccount: 'tollgate-open-account',
  publishPlanStep: 'tollgate-publish-plan-step',
  migratePlanStep: 'tollgate-migrate-plan-step',
  checkPlans: 'tollgate-check-plans',
  changePlanStep: 'tollgate-change-plan-step',
  closeInvoiceStep: 'tollgate-close-invoice-step',
  collectPaymentStep: 'tollgate-collect-payment-step',
  billingOutbox: 'tollgate-billing-outbox',
  portal: 'tollgate-portal',
  sendMail: 'tollgate-send-mail',
  portalOutbox: 'tollgate-portal-outbox',
} as const
export type FunctionName = keyof typeof FUNCTIONS

export const MACHINES = {
  closeInvoice: 'tollgate-close-invoice',
  changePlan: 'tollgate-change-plan',
  publishPlan: 'tollgate-publish-plan',
  migratePlan: 'tollgate-migrate-plan',
  collectPayment: 'tollgate-collect-payment',
} as const

export const TABLES = {
  access: 'tollgate-access',
  billing: 'tollgate-billing',
  ledger: 'tollgate-ledger',
  portal: 'tollgate-portal',
} as const

/** API names; the local cloud maps them to ports. */
export const APIS = { api: 'tollgate-api', webhooks: 'tollgate-webhooks', portal: 'tollgate-portal' } as const
export const API_STAGE = 'prod'
export const EVENT_BUS = 'tollgate'
export const STRIPE_SECRET = 'tollgate/stripe'
export const EVENT_SOURCES = {
  portal: 'tollgate.portal',
  billing: 'tollgate.billing',
  stripe: 'tollgate.stripe',
} as const
export const LOG_GROUPS = { access: 'tollgate/api-access', apiFunction: '/aws/lambda/tollgate-api' } as const
