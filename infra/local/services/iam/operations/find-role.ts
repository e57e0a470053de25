import { ServiceError } from '../../../contract.ts'
import type { Iam, Role } from '../../../iam/iam.ts'

export function findRole(iam: Iam, roleName: unknown): Role {
  const role = iam.roles().find(({ arn }) => nameOfRole(arn) === roleName)
  if (role) return role
  throw new ServiceError('NoSuchEntity', `The role with name ${String(roleName)} cannot be found.`, 404)
}

export function nameOfRole(arn: string): string {
  return arn.split('/').at(-1) ?? arn
}

/** Policy documents travel percent-encoded (RFC 3986). */
export function encodeDocument(document: unknown): string {
  return encodeURIComponent(JSON.stringify(document)).replace(
    /[!'()*]/g,
    letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
