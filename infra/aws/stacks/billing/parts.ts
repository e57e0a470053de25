import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { WorkerEnv } from '../../../../billing/config.ts'
import { acknowledge } from '../../acknowledge.ts'
import type { Alarms } from '../../constructs/alarms.ts'
import type { ProofBucket, ProofFolder } from '../../constructs/proof-bucket.ts'
import { ServiceFunction } from '../../constructs/service-function.ts'
import { onSchedule } from '../../constructs/triggers.ts'
import { EVENT_BUS, type FunctionName } from '../../names.ts'

/** Below the lease of an account (90 s), so that no holder works on after its lease. */
export const LEASED_TIMEOUT = Duration.seconds(55)

/** Of a job that goes through many accounts. */
export const SWEEP_TIMEOUT = Duration.minutes(5)

const READ = ['dynamodb:GetItem', 'dynamodb:Query']
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']

/** What a function reaches besides the billing table. */
export type Doors = {
  readonly ledger?: 'read' | 'write'
  /** Stripe's secret. */
  readonly stripe?: true
  /** Facts on the bus. */
  readonly publish?: true
  /** Procedures of access. */
  readonly access?: true
  /** Where it keeps files. */
  readonly files?: ProofFolder
}

type AnyFunction = ServiceFunction<Readonly<Record<string, string>>>

/** What the parts of the billing stack share: its stores, and how a function gets to them. */
export class BillingParts {
  readonly stack: Stack
  readonly alarms: Alarms
  readonly deadLetters: Queue
  readonly ledger: TableV2
  readonly billing: TableV2
  readonly secret: Secret
  readonly proofs: ProofBucket
  readonly worker: WorkerEnv
  /** Of functions that make invoices. */
  readonly automaticTax: string

  constructor(
    parts: Pick<
      BillingParts,
      | 'stack'
      | 'alarms'
      | 'deadLetters'
      | 'ledger'
      | 'billing'
      | 'secret'
      | 'proofs'
      | 'worker'
      | 'automaticTax'
    >,
  ) {
    this.stack = parts.stack
    this.alarms = parts.alarms
    this.deadLetters = parts.deadLetters
    this.ledger = parts.ledger
    this.billing = parts.billing
    this.secret = parts.secret
    this.proofs = parts.proofs
    this.worker = parts.worker
    this.automaticTax = parts.automaticTax
  }

  /** A function that works on the billing table, with the further doors that it uses. */
  workerFunction(
    id: string,
    name: FunctionName,
    may: Doors,
    timeout?: Duration,
    more: Readonly<Record<string, string>> = {},
  ): ServiceFunction<WorkerEnv> {
    const worker = new ServiceFunction(this.stack, id, {
      name,
      environment: { ...this.worker, ...more },
      alarms: this.alarms,
      ...(timeout ? { timeout } : {}),
    })
    this.mayUseTable(worker)
    if (may.ledger) this.ledger.grant(worker.role, ...READ, ...(may.ledger === 'write' ? WRITE : []))
    if (may.stripe) this.secret.grantRead(worker.role)
    if (may.publish) this.bus(`${id}Bus`).grantPutEventsTo(worker.role)
    if (may.access) worker.mayInvoke('access')
    if (may.files) this.proofs.mayWrite(worker, may.files)
    return worker
  }

  mayUseTable(worker: AnyFunction): void {
    this.billing.grant(worker.role, ...READ, ...WRITE)
  }

  schedule(id: string, scheduleName: string, schedule: ScheduleExpression, job: AnyFunction): void {
    const deadLetterQueue = this.deadLetters
    onSchedule(this.stack, id, { scheduleName, schedule, target: job.function, deadLetterQueue })
  }

  bus(id: string): IEventBus {
    return EventBus.fromEventBusName(this.stack, id, EVENT_BUS)
  }

  /** Starts executions, and looks whether one that was started before has failed. */
  mayStart(starter: AnyFunction, machine: string): void {
    this.mayOnExecutions(starter, machine, 'states:DescribeExecution')
    const resources = [machineArn(this.stack, machine)]
    starter.role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources }))
  }

  mayOnExecutions(caller: AnyFunction, machine: string, action: string): void {
    const executions = this.stack.formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    caller.role.addToPolicy(new PolicyStatement({ actions: [action], resources: [executions] }))
    acknowledge(caller.role, {
      [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${machine}:*]`]:
        'Executions get their names when they are started.',
    })
  }
}

/** Built from the name, so that a machine may call its own starter. */
export const machineArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
