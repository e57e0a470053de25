import type { Resource, Method as SdkMethod } from '@aws-sdk/client-api-gateway'
import { badRequest } from '../errors.ts'
import { present, type Wire } from '../gateway.ts'
import type { PathResource, RestApi } from '../state.ts'
import { methodView } from './method-view.ts'

/** Whether the caller asked for the methods themselves (`embed=methods`) and not only for their names. */
export function embedsMethods(embed: readonly string[] | undefined): boolean {
  const other = embed?.find(name => name !== 'methods')
  if (other !== undefined) throw badRequest(`Invalid embed specified: ${other}`)
  return embed?.includes('methods') ?? false
}

export function resourceView(api: RestApi, resource: PathResource, withMethods: boolean): Wire<Resource> {
  const methods = [...api.methods.values()].filter(method => method.resourceId === resource.id)
  const shown = methods.map((method): [string, Wire<SdkMethod>] => [
    method.httpMethod,
    withMethods ? methodView(method) : {},
  ])
  return present({
    id: resource.id,
    parentId: resource.parent?.id,
    pathPart: resource.parent?.pathPart,
    path: resource.path,
    resourceMethods: shown.length > 0 ? Object.fromEntries(shown) : undefined,
  })
}
