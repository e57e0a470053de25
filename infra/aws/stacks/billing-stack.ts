import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { FilterPattern, LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs'
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { RecordUsageEnv, StarterEnv, WebhookEnv, WorkerEnv } from '../../../billing/config.ts'
import { acknowledge } from '../acknowledge.ts'
import { type Alarms, alarmsTo } from '../constructs/alarms.ts'
import { deadLetters } from '../constructs/dead-letters.ts'
import { ChangePlanMachine } from '../constructs/machines/change-plan.ts'
import { CloseInvoiceMachine } from '../constructs/machines/close-invoice.ts'
import { PublishPlanMachine } from '../constructs/machines/publish-plan.ts'
import { ServiceFunction } from '../constructs/service-function.ts'
import { serviceTable } from '../constructs/service-table.ts'
import { onFacts, onSchedule } from '../constructs/triggers.ts'
import { REFUSED_LINES, USAGE_LINES } from '../constructs/usage-log.ts'
import {
  APIS,
  EVENT_BUS,
  EVENT_SOURCES,
  type FunctionName,
  LOG_GROUPS,
  MACHINES,
  STACKS,
  STRIPE_SECRET,
  TABLES,
} from '../names.ts'
import { stripeApiUrlParameter } from '../parameters.ts'
import type { SharedStack } from './shared-stack.ts'

/** From a period's end until the log path counts as drained: CloudWatch retries deliveries for up to 24 h (D6). */
const CLOSE_DRAIN = Duration.hours(24)

/** Below the lease of an account (90 s), so that no holder works on after its lease. */
const LEASED_TIMEOUT = Duration.seconds(55)

const READ = ['dynamodb:GetItem', 'dynamodb:Query']
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']

/** What a function reaches besides the billing table. */
type Doors = {
  readonly ledger?: 'read' | 'write'
  /** Stripe's secret. */
  readonly stripe?: true
  /** Facts on the bus. */
  readonly publish?: true
  /** Procedures of access. */
  readonly access?: true
}

/** Money: the ledger, plans, subscriptions, Stripe, statements. */
export class BillingStack extends Stack {
  private readonly alarms: Alarms
  private readonly deadLetters: Queue
  private readonly ledger: TableV2
  private readonly billing: TableV2
  private readonly secret: Secret
  private readonly worker: WorkerEnv

  constructor(scope: Construct, props: StackProps & { shared: SharedStack }) {
    super(scope, STACKS.billing, props)
    this.alarms = alarmsTo(props.shared.alarmTopic)
    this.deadLetters = deadLetters(this, 'tollgate-billing-dead-letters', this.alarms)
    this.ledger = serviceTable(this, 'Ledger', TABLES.ledger, { outbox: false })
    this.billing = serviceTable(this, 'Billing', TABLES.billing, { outbox: true })
    this.secret = new Secret(this, 'Stripe', {
      secretName: STRIPE_SECRET,
      description: 'Stripe key and webhook secret; filled by npm run deploy',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ secretKey: '', webhookSecret: '' }),
        generateStringKey: 'unused',
      },
    })
    acknowledge(this.secret, {
      'AwsSolutions-SMG4': 'Stripe keys are rolled in Stripe, not by a rotation function.',
    })
    this.worker = {
      LEDGER_TABLE: this.ledger.tableName,
      BILLING_TABLE: this.billing.tableName,
      STRIPE_SECRET_ID: STRIPE_SECRET,
      STRIPE_API_URL: stripeApiUrlParameter(this),
      ACCESS_FUNCTION: 'tollgate-access',
      EVENT_BUS,
      CLOSE_INVOICE_MACHINE: this.machineArn(MACHINES.closeInvoice),
      CHANGE_PLAN_MACHINE: this.machineArn(MACHINES.changePlan),
      PUBLISH_PLAN_MACHINE: this.machineArn(MACHINES.publishPlan),
      CLOSE_DRAIN_SECONDS: String(CLOSE_DRAIN.toSeconds()),
    }
    this.metering()
    this.jobs()
    this.webhooks()
    this.workflows()
    const procedures = this.workerFunction('Procedures', 'billing', { ledger: 'read', stripe: true })
    this.mayStart(procedures, MACHINES.publishPlan)
  }

  /** Usage lines and refused access lines reach the ledger through log subscriptions. */
  private metering(): void {
    const environment: RecordUsageEnv = {
      LEDGER_TABLE: this.ledger.tableName,
      POISON_QUEUE_URL: this.deadLetters.queueUrl,
    }
    const recordUsage = new ServiceFunction(this, 'RecordUsage', {
      name: 'recordUsage',
      environment,
      alarms: this.alarms,
      timeout: Duration.minutes(1),
      memoryMb: 1024,
    })
    this.ledger.grant(recordUsage.role, 'dynamodb:PutItem')
    this.deadLetters.grantSendMessages(recordUsage.role)
    recordUsage.function.configureAsyncInvoke({
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
      onFailure: this.toDeadLetters(),
    })
    const subscribe = (id: string, logGroupName: string, pattern: string) =>
      new SubscriptionFilter(this, id, {
        logGroup: LogGroup.fromLogGroupName(this, `${id}Log`, logGroupName),
        destination: new LambdaDestination(recordUsage.function),
        filterPattern: FilterPattern.literal(pattern),
      })
    subscribe('UsageLines', LOG_GROUPS.apiFunction, USAGE_LINES)
    subscribe('RefusedLines', LOG_GROUPS.access, REFUSED_LINES)
  }

  private jobs(): void {
    const schedule = (id: string, scheduleName: string, every: Duration, job: ServiceFunction<WorkerEnv>) =>
      onSchedule(this, id, {
        scheduleName,
        schedule: ScheduleExpression.rate(every),
        target: job.function,
        deadLetterQueue: this.deadLetters,
      })
    const longest = Duration.minutes(5)
    schedule(
      'RollUpSchedule',
      'tollgate-roll-up',
      Duration.minutes(1),
      this.workerFunction('RollUp', 'rollUp', { ledger: 'write', access: true, publish: true }, longest),
    )
    schedule(
      'ReportUsageSchedule',
      'tollgate-report-usage',
      Duration.hours(1),
      this.workerFunction('ReportUsage', 'reportUsage', { ledger: 'read', stripe: true }, LEASED_TIMEOUT),
    )
    const sweep = this.workerFunction('SweepCloses', 'sweepCloses', { stripe: true }, longest)
    this.mayStart(sweep, MACHINES.closeInvoice)
    schedule('SweepClosesSchedule', 'tollgate-sweep-closes', Duration.minutes(15), sweep)
    schedule(
      'OutboxSchedule',
      'tollgate-billing-outbox',
      Duration.minutes(5),
      this.workerFunction('Outbox', 'billingOutbox', { publish: true }),
    )

    onFacts(this, 'AccountCreated', {
      ruleName: 'tollgate-open-account',
      pattern: { source: [EVENT_SOURCES.portal], detailType: ['account.created'] },
      target: this.workerFunction('OpenAccount', 'openAccount', { ledger: 'read', access: true }).function,
      deadLetterQueue: this.deadLetters,
    })
  }

  /** Stripe → verified notification on the bus → starter → state machines (D7). */
  private webhooks(): void {
    const webhookEnv: WebhookEnv = {
      STRIPE_SECRET_ID: STRIPE_SECRET,
      STRIPE_API_URL: this.worker.STRIPE_API_URL,
      EVENT_BUS,
    }
    const webhook = new ServiceFunction(this, 'StripeWebhook', {
      name: 'stripeWebhook',
      environment: webhookEnv,
      alarms: this.alarms,
      timeout: Duration.seconds(10),
    })
    this.secret.grantRead(webhook.role)
    this.bus('WebhookBus').grantPutEventsTo(webhook.role)
    const httpApi = new HttpApi(this, 'Webhooks', { apiName: APIS.webhooks })
    httpApi.addRoutes({
      path: '/stripe',
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('StripeIntegration', webhook.function),
    })
    acknowledge(httpApi, {
      'AwsSolutions-APIG1': 'Stripe keeps every delivery with its answer; the function logs what it refuses.',
      'AwsSolutions-APIG4': 'Deliveries are authorised by their signature.',
    })
    new CfnOutput(this, 'WebhookUrl', { value: `${httpApi.apiEndpoint}/stripe` })

    const starterEnv: StarterEnv = {
      BILLING_TABLE: this.worker.BILLING_TABLE,
      STRIPE_SECRET_ID: STRIPE_SECRET,
      STRIPE_API_URL: this.worker.STRIPE_API_URL,
      CLOSE_INVOICE_MACHINE: this.worker.CLOSE_INVOICE_MACHINE,
      CHANGE_PLAN_MACHINE: this.worker.CHANGE_PLAN_MACHINE,
    }
    const starter = new ServiceFunction(this, 'StartWorkflow', {
      name: 'startWorkflow',
      environment: starterEnv,
      alarms: this.alarms,
    })
    this.billing.grant(starter.role, ...READ, ...WRITE)
    this.secret.grantRead(starter.role)
    this.mayStart(starter, MACHINES.closeInvoice)
    this.mayStart(starter, MACHINES.changePlan)
    onFacts(this, 'StripeNotifications', {
      ruleName: 'tollgate-start-workflow',
      pattern: { source: [EVENT_SOURCES.stripe] },
      target: starter.function,
      deadLetterQueue: this.deadLetters,
    })
  }

  private workflows(): void {
    const step = (id: string, name: FunctionName, may: Doors) =>
      this.workerFunction(id, name, { ...may, stripe: true, publish: true }, LEASED_TIMEOUT).function
    const publishPlan = step('PublishPlanStep', 'publishPlanStep', { access: true })
    const changePlan = step('ChangePlanStep', 'changePlanStep', { ledger: 'read', access: true })
    const closeInvoice = step('CloseInvoiceStep', 'closeInvoiceStep', { ledger: 'read' })
    new PublishPlanMachine(this, publishPlan, this.alarms)
    new ChangePlanMachine(this, changePlan, this.alarms)
    new CloseInvoiceMachine(this, closeInvoice, this.alarms)
  }

  /** A function that works on the billing table, with the further doors that it uses. */
  private workerFunction(
    id: string,
    name: FunctionName,
    may: Doors,
    timeout?: Duration,
  ): ServiceFunction<WorkerEnv> {
    const worker = new ServiceFunction(this, id, {
      name,
      environment: this.worker,
      alarms: this.alarms,
      ...(timeout ? { timeout } : {}),
    })
    this.billing.grant(worker.role, ...READ, ...WRITE)
    if (may.ledger) this.ledger.grant(worker.role, ...READ, ...(may.ledger === 'write' ? WRITE : []))
    if (may.stripe) this.secret.grantRead(worker.role)
    if (may.publish) this.bus(`${id}Bus`).grantPutEventsTo(worker.role)
    if (may.access) worker.mayInvoke('access')
    return worker
  }

  private bus(id: string) {
    return EventBus.fromEventBusName(this, id, EVENT_BUS)
  }

  private toDeadLetters() {
    return new SqsDestination(this.deadLetters)
  }

  private machineArn(name: string): string {
    return this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
  }

  /** Starts executions, and looks whether one that was started before has failed. */
  private mayStart(starter: ServiceFunction<Readonly<Record<string, string>>>, machine: string): void {
    const executions = this.formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    starter.role.addToPolicy(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [this.machineArn(machine)] }),
    )
    starter.role.addToPolicy(
      new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] }),
    )
    acknowledge(starter.role, {
      [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${machine}:*]`]:
        'Executions get their names when they are started.',
    })
  }
}
