import { Duration } from 'aws-cdk-lib'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { FilterPattern, LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs'
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations'
import type { RecordUsageEnv } from '../../../../billing/config.ts'
import { ServiceFunction } from '../../constructs/service-function.ts'
import { REFUSED_LINES, USAGE_LINES } from '../../constructs/usage-log.ts'
import { LOG_GROUPS } from '../../names.ts'
import type { BillingParts } from './parts.ts'

/** Usage lines and refused access lines reach the ledger through log subscriptions. */
export function metering({ stack, alarms, ledger, deadLetters }: BillingParts): void {
  const environment: RecordUsageEnv = {
    LEDGER_TABLE: ledger.tableName,
    POISON_QUEUE_URL: deadLetters.queueUrl,
  }
  const recordUsage = new ServiceFunction(stack, 'RecordUsage', {
    name: 'recordUsage',
    environment,
    alarms,
    timeout: Duration.minutes(1),
    memoryMb: 1024,
  })
  ledger.grant(recordUsage.role, 'dynamodb:PutItem')
  deadLetters.grantSendMessages(recordUsage.role)
  recordUsage.function.configureAsyncInvoke({
    maxEventAge: Duration.hours(6),
    retryAttempts: 2,
    onFailure: new SqsDestination(deadLetters),
  })
  const subscribe = (id: string, logGroupName: string, pattern: string) =>
    new SubscriptionFilter(stack, id, {
      logGroup: LogGroup.fromLogGroupName(stack, `${id}Log`, logGroupName),
      destination: new LambdaDestination(recordUsage.function),
      filterPattern: FilterPattern.literal(pattern),
    })
  subscribe('UsageLines', LOG_GROUPS.apiFunction, USAGE_LINES)
  subscribe('RefusedLines', LOG_GROUPS.access, REFUSED_LINES)
}
