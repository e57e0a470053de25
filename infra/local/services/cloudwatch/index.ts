import type { Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { type CloudWatch, DIALECT } from './cloudwatch.ts'
import { describeAlarms } from './operations/describe-alarms.ts'
import { alarm } from './resources/alarm.ts'

/** CloudWatch: alarms can be looked at. Metrics are not evaluated here; its other operations are refused. */
export function createCloudWatchService(cloud: CloudWatch['cloud']): Service {
  const cloudWatch: CloudWatch = { cloud, alarms: new Map() }
  return {
    name: 'cloudwatch',
    signingName: 'monitoring',
    protocol: 'json',
    targetPrefix: 'GraniteServiceVersion20100801',
    jsonVersion: '1.0',
    operations: bindOperations(DIALECT, cloudWatch, { DescribeAlarms: describeAlarms }),
    resources: { 'AWS::CloudWatch::Alarm': alarm(cloudWatch) },
  }
}
