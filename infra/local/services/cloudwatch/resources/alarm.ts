import { physicalName, type ResourceProvider } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { CloudWatch } from '../cloudwatch.ts'

const TEXTS = [
  'AlarmDescription',
  'ComparisonOperator',
  'ExtendedStatistic',
  'MetricName',
  'Namespace',
  'Statistic',
  'TreatMissingData',
  'Unit',
]
const NUMBERS = ['DatapointsToAlarm', 'EvaluationPeriods', 'Period', 'Threshold']
const LISTS = ['AlarmActions', 'Dimensions', 'InsufficientDataActions', 'OKActions']

/** `AWS::CloudWatch::Alarm`: described and never rung, since no metric is evaluated here. */
export const alarm =
  ({ cloud, alarms }: CloudWatch): ResourceProvider =>
  ({ type, properties, stackName, logicalId }) => {
    refuseUnknown(type, properties, [
      'ActionsEnabled',
      'AlarmName',
      'Metrics',
      'Tags',
      ...TEXTS,
      ...NUMBERS,
      ...LISTS,
    ])
    const name = String(properties.AlarmName ?? physicalName({ stackName, logicalId }, 255))
    const arn = `arn:aws:cloudwatch:${cloud.region}:${cloud.accountId}:alarm:${name}`
    const given = (names: readonly string[]) => names.filter(member => properties[member] !== undefined)
    alarms.set(name, {
      name,
      arn,
      createdAt: cloud.clock.now(),
      settings: {
        ActionsEnabled: String(properties.ActionsEnabled ?? true) === 'true',
        ...Object.fromEntries(given(TEXTS).map(member => [member, String(properties[member])])),
        ...Object.fromEntries(given(NUMBERS).map(member => [member, Number(properties[member])])),
        ...Object.fromEntries(LISTS.map(member => [member, properties[member] ?? []])),
        ...(properties.Metrics === undefined ? {} : { Metrics: properties.Metrics }),
      },
    })
    return { ref: name, attributes: { Arn: arn } }
  }
