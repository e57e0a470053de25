import type { Role } from '../../../iam/iam.ts'
import { roleId } from '../../../iam/role-id.ts'
import { encodeDocument, nameOfRole } from './find-role.ts'

/** A role as IAM shows it, without the date of its creation, which templates do not have. */
export function roleView({ arn, trustPolicy }: Role) {
  const path = arn.slice(arn.indexOf(':role') + ':role'.length)
  return {
    Path: path.slice(0, path.lastIndexOf('/') + 1),
    RoleName: nameOfRole(arn),
    RoleId: roleId(arn),
    Arn: arn,
    AssumeRolePolicyDocument: encodeDocument(trustPolicy),
    MaxSessionDuration: 3600,
  }
}
