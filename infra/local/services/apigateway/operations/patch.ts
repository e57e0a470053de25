import type { PatchOperation } from '@aws-sdk/client-api-gateway'
import { badRequest } from '../errors.ts'

export type Patch = { readonly op: string; readonly path: string; readonly value: string | undefined }

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test']

/** The patch operations of a request, parsed (docs.aws.amazon.com/apigateway/latest/api/patch-operations.html). */
export function readPatches(operations: readonly PatchOperation[] | undefined): Patch[] {
  return (operations ?? []).map(operation => {
    if (typeof operation !== 'object' || operation === null)
      throw badRequest('Invalid patch operation specified')
    const { op, path, value } = operation
    if (typeof op !== 'string' || !OPERATIONS.includes(op))
      throw badRequest('Invalid patch operation specified')
    if (typeof path !== 'string') throw badRequest('Invalid patch path specified')
    if (value !== undefined && value !== null && typeof value !== 'string')
      throw badRequest('Invalid patch value specified')
    return { op, path, value: value ?? undefined }
  })
}

/** API Gateway names the paths that the operation takes, where it takes any. */
export function refusePatch(
  { op, path }: Patch,
  supported: Readonly<Record<string, readonly string[]>>,
): never {
  const paths = Object.hasOwn(supported, op) ? supported[op] : undefined
  const hint = paths ? `Must be one of: [${paths.join(', ')}]` : 'Please choose supported operations'
  throw badRequest(`Invalid patch path  '${path}' specified for op '${op}'. ${hint}`)
}
