import { type LocalCloud, physicalName, type Service } from '../../contract.ts'

/**
 * CloudWatch alarms are accepted as they are and never ring: metrics are not evaluated here. CloudWatch's operations
 * are refused.
 */
export function createCloudWatchService(cloud: Pick<LocalCloud, 'region' | 'accountId'>): Service {
  return {
    name: 'cloudwatch',
    signingName: 'monitoring',
    protocol: 'json',
    operations: {},
    resources: {
      'AWS::CloudWatch::Alarm': ({ properties, stackName, logicalId }) => {
        const name = String(properties.AlarmName ?? physicalName({ stackName, logicalId }, 255))
        return {
          ref: name,
          attributes: { Arn: `arn:aws:cloudwatch:${cloud.region}:${cloud.accountId}:alarm:${name}` },
        }
      },
    },
  }
}
