import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { acknowledge } from '../acknowledge.ts'
import type { Alarms } from './alarms.ts'

/** A service's dead-letter queue, with an alarm as soon as something lies in it. */
export function deadLetters(scope: Construct, queueName: string, alarms: Alarms): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    queueName,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  })
  acknowledge(queue, { 'AwsSolutions-SQS3': 'This is the dead-letter queue.' })
  new Alarm(scope, 'DeadLettersAlarm', {
    alarmName: `${queueName}-not-empty`,
    alarmDescription: alarms.describe('dead-letters', queueName),
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(alarms.action)
  return queue
}
