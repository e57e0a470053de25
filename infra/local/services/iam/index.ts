import { physicalName, type ResourceProvider, type Service, UnsupportedError } from '../../contract.ts'
import type { Iam } from '../../iam/iam.ts'

const ROLE_PROPERTIES = [
  'AssumeRolePolicyDocument',
  'Description',
  'ManagedPolicyArns',
  'MaxSessionDuration',
  'Path',
  'Policies',
  'RoleName',
  'Tags',
]

/** The `AWS::IAM::…` resources. IAM's own operations (a query protocol) are refused. */
export function createIamService(accountId: string, iam: Iam): Service {
  return {
    name: 'iam',
    signingName: 'iam',
    protocol: 'json',
    operations: {},
    resources: {
      'AWS::IAM::Role': createRole(accountId, iam),
      'AWS::IAM::Policy': createPolicy(iam),
      'AWS::IAM::ManagedPolicy': createManagedPolicy(accountId, iam),
    },
  }
}

function createRole(accountId: string, iam: Iam): ResourceProvider {
  return ({ properties, stackName, logicalId, type }) => {
    refuseUnknown(properties, ROLE_PROPERTIES, type)
    const name = String(properties.RoleName ?? physicalName({ stackName, logicalId }))
    const arn = `arn:aws:iam::${accountId}:role${properties.Path ?? '/'}${name}`
    iam.createRole(arn, properties.AssumeRolePolicyDocument)
    for (const { PolicyName, PolicyDocument } of properties.Policies ?? []) {
      iam.putRolePolicy(arn, String(PolicyName), PolicyDocument)
    }
    for (const policyArn of properties.ManagedPolicyArns ?? [])
      iam.attachManagedPolicy(arn, String(policyArn))
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name.toUpperCase()}` } }
  }
}

function createPolicy(iam: Iam): ResourceProvider {
  return ({ properties, stackName, logicalId, type }) => {
    refuseUnknown(properties, ['PolicyDocument', 'PolicyName', 'Roles'], type)
    for (const role of properties.Roles ?? []) {
      iam.putRolePolicy(iam.roleArn(String(role)), String(properties.PolicyName), properties.PolicyDocument)
    }
    return { ref: physicalName({ stackName, logicalId }) }
  }
}

function createManagedPolicy(accountId: string, iam: Iam): ResourceProvider {
  return ({ properties, stackName, logicalId, type }) => {
    const known = ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles']
    refuseUnknown(properties, known, type)
    const name = String(properties.ManagedPolicyName ?? physicalName({ stackName, logicalId }))
    const arn = `arn:aws:iam::${accountId}:policy${properties.Path ?? '/'}${name}`
    iam.createManagedPolicy(arn, properties.PolicyDocument)
    for (const role of properties.Roles ?? []) iam.attachManagedPolicy(iam.roleArn(String(role)), arn)
    return { ref: arn }
  }
}

function refuseUnknown(
  properties: Readonly<Record<string, unknown>>,
  known: readonly string[],
  type: string,
): void {
  const unknown = Object.keys(properties).filter(name => !known.includes(name))
  if (unknown.length > 0) throw new UnsupportedError(`${unknown.join(', ')} of ${type}`)
}
