import type { PatchOperation } from '@aws-sdk/client-api-gateway'
import { UnsupportedError } from '../../../contract.ts'
import { badRequest } from '../errors.ts'

export type Patch = { readonly op: string; readonly path: string; readonly value: string | undefined }

/** The patch operations of a request, parsed (docs.aws.amazon.com/apigateway/latest/api/patch-operations.html). */
export function readPatches(operations: readonly PatchOperation[] | undefined): Patch[] {
  return (operations ?? []).map(operation => {
    const { op, path, value } = operation
    if (typeof op !== 'string' || typeof path !== 'string')
      throw badRequest('Invalid patch operation specified')
    if (value !== undefined && typeof value !== 'string') throw badRequest('Invalid patch value specified')
    if (!path.startsWith('/')) throw badRequest(`Invalid patch path '${path}' specified`)
    return { op, path, value }
  })
}

export const refusePatch = (operation: string, patch: Patch): never => {
  throw new UnsupportedError(`the patch operation ${patch.op} ${patch.path} of API Gateway's ${operation}`)
}
