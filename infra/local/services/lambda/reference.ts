import { type LocalCloud, ServiceError } from '../../contract.ts'

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters */
const PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?'
const REFERENCE = new RegExp(`^${PATTERN}$`)
const MAX_LENGTH = 170

export type Reference = { readonly name: string; readonly qualifier: string | undefined }

/** Reads `name`, `name:$LATEST`, `account:function:name` or an ARN. Throws what the Lambda API answers to anything else. */
export function parseReference(cloud: Pick<LocalCloud, 'region'>, reference: string): Reference {
  const [, , , region, , , , name, , qualifier] = REFERENCE.exec(reference) ?? []
  if (reference.length > MAX_LENGTH)
    throw invalid(reference, `have length less than or equal to ${MAX_LENGTH}`)
  if (name === undefined) throw invalid(reference, `satisfy regular expression pattern: ${PATTERN}`)
  if (region !== undefined && region !== `${cloud.region}:`) {
    const message = `Functions from '${region.slice(0, -1)}' are not reachable in this region ('${cloud.region}')`
    throw new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' })
  }
  return { name, qualifier }
}

function invalid(value: string, constraint: string): ServiceError {
  const message = `1 validation error detected: Value '${value}' at 'functionName' failed to satisfy constraint: Member must ${constraint}`
  return new ServiceError('ValidationException', message, 400)
}
