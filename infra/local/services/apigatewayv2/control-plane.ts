import type { Operation, OperationContext, Route } from '../../contract.ts'
import { refuseUnknown } from '../../refuse-unknown.ts'
import type { HttpApis } from './http-apis.ts'
import { getApi } from './operations/get-api.ts'
import { getApis } from './operations/get-apis.ts'
import { getIntegration } from './operations/get-integration.ts'
import { getIntegrations } from './operations/get-integrations.ts'
import { getRoute } from './operations/get-route.ts'
import { getRoutes } from './operations/get-routes.ts'
import { getStage } from './operations/get-stage.ts'
import { getStages } from './operations/get-stages.ts'
import { badParameter, type Input, type ReadOperation } from './read-operation.ts'

const OPERATIONS: Readonly<Record<string, ReadOperation>> = {
  GetApis: getApis,
  GetApi: getApi,
  GetRoutes: getRoutes,
  GetRoute: getRoute,
  GetIntegrations: getIntegrations,
  GetIntegration: getIntegration,
  GetStages: getStages,
  GetStage: getStage,
}

/** Labels of a path are members of the input. */
const labelsOf = ({ path }: ReadOperation): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

export const routes = (): Route[] =>
  Object.entries(OPERATIONS).map(([operation, { path }]) => ({
    operation,
    method: 'GET',
    path: `/v2${path}`,
  }))

export const operations = (service: HttpApis): Record<string, Operation> =>
  Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, operation]) => [
      name,
      (given: unknown, context: OperationContext) => call(service, name, operation, given, context),
    ]),
  )

function call(
  service: HttpApis,
  name: string,
  operation: ReadOperation,
  given: unknown,
  context: OperationContext,
): unknown {
  const labels = labelsOf(operation)
  const input = readInput(name, given, [...labels, ...(operation.paged ? ['maxResults', 'nextToken'] : [])])
  for (const label of labels) if (input[label] === undefined) throw badParameter(label)
  const path = operation.path.replace(/\{(\w+)\}/g, (_whole, label: string) => input[label] ?? '')
  context.authorize('apigateway:GET', `arn:aws:apigateway:${service.cloud.region}::${path}`)
  return operation.run(service, input)
}

/** Everything these operations take travels in the path or the query, as text. */
function readInput(name: string, given: unknown, known: readonly string[]): Input {
  if (typeof given !== 'object' || given === null) return {}
  refuseUnknown(`parameters of API Gateway's ${name}`, given, known)
  return Object.fromEntries(
    Object.entries(given).map(([member, value]) => {
      if (typeof value !== 'string') throw badParameter(member)
      return [member, value]
    }),
  )
}
