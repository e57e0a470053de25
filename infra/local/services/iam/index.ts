import type { Identity, Service } from '../../contract.ts'
import type { Iam } from '../../iam/iam.ts'
import { getRole } from './operations/get-role.ts'
import { getRolePolicy } from './operations/get-role-policy.ts'
import { listAttachedRolePolicies } from './operations/list-attached-role-policies.ts'
import { listRolePolicies } from './operations/list-role-policies.ts'
import { listRoles } from './operations/list-roles.ts'
import { simulatePrincipalPolicy } from './operations/simulate-principal-policy.ts'
import { managedPolicy } from './resources/managed-policy.ts'
import { policy } from './resources/policy.ts'
import { role } from './resources/role.ts'

/** IAM: the roles and policies of the templates, to be read and asked. Decisions are made in `iam/`. */
export function createIamService(accountId: string, iam: Iam): Service {
  return {
    name: 'iam',
    signingName: 'iam',
    protocol: 'query',
    operations: {
      GetRole: getRole(iam),
      GetRolePolicy: getRolePolicy(iam),
      ListAttachedRolePolicies: listAttachedRolePolicies(iam),
      ListRolePolicies: listRolePolicies(iam),
      ListRoles: listRoles(iam),
      SimulatePrincipalPolicy: simulatePrincipalPolicy(iam),
    },
    resources: {
      'AWS::IAM::Role': role(accountId, iam),
      'AWS::IAM::Policy': policy(iam),
      'AWS::IAM::ManagedPolicy': managedPolicy(accountId, iam),
    },
    snapshot: () => iam.accessKeys(),
    restore: keys => iam.restoreAccessKeys(keys as ReadonlyMap<string, Identity>),
  }
}
