import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { ReconcileEnv, RedriveEnv } from '../../../billing/config.ts'
import { acknowledge } from '../acknowledge.ts'
import { FUNCTIONS, LOG_GROUPS } from '../names.ts'
import type { ServiceFunction } from './service-function.ts'

type AnyFunction = ServiceFunction<Readonly<Record<string, string>>>

export const RECONCILE_ENV: ReconcileEnv = {
  RECORD_USAGE_FUNCTION: FUNCTIONS.recordUsage,
  ACCESS_LOG_GROUP: LOG_GROUPS.access,
  USAGE_LOG_GROUP: LOG_GROUPS.apiFunction,
}

/** As long as a function may run: a day of a large deployment is read in several runs. */
export const RECONCILE_TIMEOUT = Duration.minutes(15)

/** Daily; what the first run leaves, or replayed, the next hours take. The half hour keeps it apart from reporting. */
export const RECONCILE_SCHEDULE = ScheduleExpression.cron({ minute: '30', hour: '3,4,5' })

/** Reads the access log and the metered function's log back, and hands what is missing to record-usage. */
export function mayReconcile(job: AnyFunction): void {
  job.mayInvoke('recordUsage')
  for (const logGroup of [LOG_GROUPS.access, LOG_GROUPS.apiFunction]) {
    const arn = Stack.of(job).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${logGroup}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    job.role.addToPolicy(new PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [arn] }))
    const id = `arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:${logGroup}:*`
    acknowledge(job.role, { [`AwsSolutions-IAM5[Resource::${id}]`]: 'The streams of one log group.' })
  }
}

export const redriveEnv = (deadLetters: Queue): RedriveEnv => ({
  RECORD_USAGE_FUNCTION: FUNCTIONS.recordUsage,
  DEAD_LETTERS_URL: deadLetters.queueUrl,
})

/** Takes messages off the dead letters after record-usage took what they hold. */
export function mayRedrive(procedures: AnyFunction, deadLetters: Queue): void {
  procedures.mayInvoke('recordUsage')
  deadLetters.grant(
    procedures.role,
    ...['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
  )
}
