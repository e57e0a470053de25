import type { LocalCloud, Operation } from '../../../contract.ts'
import { nameOf } from '../../../iam/denial.ts'
import { roleId } from '../../../iam/role-id.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

/** Needs no grant, as at AWS. */
export function getCallerIdentity({ accountId }: Pick<LocalCloud, 'accountId'>): Operation {
  return (input: object, { identity }) => {
    refuseUnknown('sts GetCallerIdentity', input, [])
    const userId =
      identity.kind === 'role' ? `${roleId(identity.roleArn)}:${identity.sessionName}` : accountId
    return { Arn: nameOf(identity, accountId), UserId: userId, Account: accountId }
  }
}
