import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { Alarms } from './alarms.ts'

/** The daily check of the plans found a difference. Its function prints the metric. */
export function planDriftAlarm(scope: Construct, alarms: Alarms): void {
  new Alarm(scope, 'PlanDrift', {
    alarmName: 'tollgate-plan-drift',
    alarmDescription: alarms.describe('plan-drift', 'Catalogue, Stripe and API Gateway differ'),
    metric: new Metric({
      namespace: 'Tollgate',
      metricName: 'planDrift',
      dimensionsMap: { service: 'billing' },
      statistic: Stats.MAXIMUM,
      period: Duration.days(1),
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(alarms.action)
}
