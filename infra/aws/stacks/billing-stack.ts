import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { WorkerEnv } from '../../../billing/config.ts'
import { acknowledge } from '../acknowledge.ts'
import { alarmsTo } from '../constructs/alarms.ts'
import { deadLetters } from '../constructs/dead-letters.ts'
import { ProofBucket } from '../constructs/proof-bucket.ts'
import { mayRedrive, redriveEnv } from '../constructs/reconciliation.ts'
import { serviceTable } from '../constructs/service-table.ts'
import { EVENT_BUS, MACHINES, STACKS, STRIPE_SECRET, TABLES } from '../names.ts'
import { automaticTaxParameter, stripeApiUrlParameter } from '../parameters.ts'
import { jobs } from './billing/jobs.ts'
import { metering } from './billing/metering.ts'
import { BillingParts, machineArn } from './billing/parts.ts'
import { payments } from './billing/payments.ts'
import { webhooks } from './billing/webhooks.ts'
import { workflows } from './billing/workflows.ts'
import type { SharedStack } from './shared-stack.ts'

/** From a period's end until the log path counts as drained: CloudWatch retries deliveries for up to 24 h (D6). */
const CLOSE_DRAIN = Duration.hours(24)

/** Money: the ledger, plans, subscriptions, Stripe, statements. */
export class BillingStack extends Stack {
  constructor(scope: Construct, props: StackProps & { shared: SharedStack }) {
    super(scope, STACKS.billing, props)
    const parts = this.parts(props.shared)
    metering(parts)
    jobs(parts)
    webhooks(parts)
    workflows(parts)
    payments(parts)
    procedures(parts)
  }

  private parts({ alarmTopic }: SharedStack): BillingParts {
    const alarms = alarmsTo(alarmTopic)
    const ledger = serviceTable(this, 'Ledger', TABLES.ledger, { outbox: false })
    const billing = serviceTable(this, 'Billing', TABLES.billing, { outbox: true })
    const proofs = new ProofBucket(this, 'Proofs')
    const worker: WorkerEnv = {
      LEDGER_TABLE: ledger.tableName,
      BILLING_TABLE: billing.tableName,
      STRIPE_SECRET_ID: STRIPE_SECRET,
      STRIPE_API_URL: stripeApiUrlParameter(this),
      ACCESS_FUNCTION: 'tollgate-access',
      EVENT_BUS,
      CLOSE_INVOICE_MACHINE: machineArn(this, MACHINES.closeInvoice),
      CHANGE_PLAN_MACHINE: machineArn(this, MACHINES.changePlan),
      PUBLISH_PLAN_MACHINE: machineArn(this, MACHINES.publishPlan),
      MIGRATE_PLAN_MACHINE: machineArn(this, MACHINES.migratePlan),
      CLOSE_DRAIN_SECONDS: String(CLOSE_DRAIN.toSeconds()),
      PROOF_BUCKET: proofs.bucket.bucketName,
    }
    return new BillingParts({
      ...{ stack: this, alarms, ledger, billing, proofs, worker, secret: stripeSecret(this) },
      automaticTax: automaticTaxParameter(this),
      deadLetters: deadLetters(this, 'tollgate-billing-dead-letters', alarms),
    })
  }
}

function stripeSecret(scope: Construct): Secret {
  const secret = new Secret(scope, 'Stripe', {
    secretName: STRIPE_SECRET,
    description: 'Stripe key and webhook secret; filled by npm run deploy',
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ secretKey: '', webhookSecret: '' }),
      generateStringKey: 'unused',
    },
  })
  acknowledge(secret, {
    'AwsSolutions-SMG4': 'Stripe keys are rolled in Stripe, not by a rotation function.',
  })
  return secret
}

function procedures(parts: BillingParts): void {
  const { deadLetters, proofs } = parts
  const doors = { ledger: 'read', stripe: true, access: true, publish: true } as const
  const more = { ...redriveEnv(deadLetters), AUTOMATIC_TAX: parts.automaticTax }
  const handler = parts.workerFunction('Procedures', 'billing', doors, undefined, more)
  mayRedrive(handler, deadLetters)
  for (const machine of [MACHINES.publishPlan, MACHINES.migratePlan, MACHINES.closeInvoice])
    parts.mayStart(handler, machine)
  proofs.mayRead(handler, 'proofs')
}
