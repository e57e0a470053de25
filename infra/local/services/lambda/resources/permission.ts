import { physicalName, type ResourceProvider } from '../../../contract.ts'
import type { LambdaCore } from '../core.ts'
import { refuseUnknown } from '../refuse-unknown.ts'

/** `AWS::Lambda::Permission`: a statement of the function's resource policy. */
export function createPermission(core: LambdaCore): ResourceProvider {
  return ({ properties, stackName, logicalId }) => {
    const known = ['Action', 'FunctionName', 'Principal', 'SourceArn', 'SourceAccount']
    refuseUnknown(properties, known, 'AWS::Lambda::Permission')
    const fn = core.find(String(properties.FunctionName))
    const sid = physicalName({ stackName, logicalId })
    fn.permissions.push({
      Sid: sid,
      Effect: 'Allow',
      Principal: principalOf(String(properties.Principal)),
      Action: properties.Action,
      Resource: fn.arn,
      Condition: conditionOf(properties),
    })
    core.cloud.setResourcePolicy(fn.arn, { Version: '2012-10-17', Statement: fn.permissions })
    return { ref: sid, attributes: { Id: sid } }
  }
}

function principalOf(principal: string): unknown {
  if (principal === '*') return '*'
  return principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal }
}

function conditionOf({ SourceArn, SourceAccount }: Record<string, unknown>): unknown {
  const arn = SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }
  const account = SourceAccount === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': SourceAccount } }
  return { ...arn, ...account }
}
