import { CfnOutput, Duration } from 'aws-cdk-lib'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { StarterEnv, WebhookEnv } from '../../../../billing/config.ts'
import { acknowledge } from '../../acknowledge.ts'
import { ServiceFunction } from '../../constructs/service-function.ts'
import { onFacts } from '../../constructs/triggers.ts'
import { APIS, EVENT_BUS, EVENT_SOURCES, MACHINES, STRIPE_SECRET } from '../../names.ts'
import { type BillingParts, machineArn } from './parts.ts'

/** Stripe → verified notification on the bus → starter → state machines (D7). */
export function webhooks(parts: BillingParts): void {
  receiver(parts)
  starter(parts)
}

function receiver(parts: BillingParts): void {
  const { stack, alarms, worker } = parts
  const environment: WebhookEnv = {
    STRIPE_SECRET_ID: STRIPE_SECRET,
    STRIPE_API_URL: worker.STRIPE_API_URL,
    EVENT_BUS,
  }
  const webhook = new ServiceFunction(stack, 'StripeWebhook', {
    name: 'stripeWebhook',
    environment,
    alarms,
    timeout: Duration.seconds(10),
  })
  parts.secret.grantRead(webhook.role)
  parts.bus('WebhookBus').grantPutEventsTo(webhook.role)
  const httpApi = new HttpApi(stack, 'Webhooks', { apiName: APIS.webhooks })
  httpApi.addRoutes({
    path: '/stripe',
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration('StripeIntegration', webhook.function),
  })
  acknowledge(httpApi, {
    'AwsSolutions-APIG1': 'Stripe keeps every delivery with its answer; the function logs what it refuses.',
    'AwsSolutions-APIG4': 'Deliveries are authorised by their signature.',
  })
  new CfnOutput(stack, 'WebhookUrl', { value: `${httpApi.apiEndpoint}/stripe` })
}

function starter(parts: BillingParts): void {
  const { stack, alarms, worker } = parts
  const environment: StarterEnv = {
    BILLING_TABLE: worker.BILLING_TABLE,
    STRIPE_SECRET_ID: STRIPE_SECRET,
    STRIPE_API_URL: worker.STRIPE_API_URL,
    CLOSE_INVOICE_MACHINE: worker.CLOSE_INVOICE_MACHINE,
    CHANGE_PLAN_MACHINE: worker.CHANGE_PLAN_MACHINE,
    COLLECT_PAYMENT_MACHINE: machineArn(stack, MACHINES.collectPayment),
  }
  const starter = new ServiceFunction(stack, 'StartWorkflow', { name: 'startWorkflow', environment, alarms })
  parts.mayUseTable(starter)
  parts.secret.grantRead(starter.role)
  parts.mayStart(starter, MACHINES.closeInvoice)
  parts.mayStart(starter, MACHINES.changePlan)
  parts.mayStart(starter, MACHINES.collectPayment)
  onFacts(stack, 'StripeNotifications', {
    ruleName: 'tollgate-start-workflow',
    pattern: { source: [EVENT_SOURCES.stripe] },
    target: starter.function,
    deadLetterQueue: parts.deadLetters,
  })
}
