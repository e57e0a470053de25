import { notFound } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import type {
  ApiKey,
  Authorizer,
  Deployment,
  Method,
  PathResource,
  RestApi,
  Stage,
  UsagePlan,
} from '../state.ts'

/** Each throws `NotFoundException` when the record is not there. */
export function findKey(gateway: Gateway, id: string | undefined): ApiKey {
  const key = gateway.state.keys.get(id ?? '')
  if (key === undefined) throw notFound('Invalid API Key identifier specified')
  return key
}

export function findPlan(gateway: Gateway, id: string | undefined): UsagePlan {
  const plan = gateway.state.plans.get(id ?? '')
  if (plan === undefined) throw notFound('Invalid Usage Plan ID specified')
  return plan
}

export function findApi(gateway: Gateway, id: string | undefined): RestApi {
  const api = gateway.state.apis.get(id ?? '')
  if (api === undefined)
    throw notFound(`Invalid API identifier specified ${gateway.cloud.accountId}:${id ?? ''}`)
  return api
}

export function findStage(gateway: Gateway, apiId: string | undefined, name: string | undefined): Stage {
  const stage = findApi(gateway, apiId).stages.get(name ?? '')
  if (stage === undefined) throw notFound('Invalid stage identifier specified')
  return stage
}

export function findResource(api: RestApi, id: string | undefined): PathResource {
  const resource = api.resources.get(id ?? '')
  if (resource === undefined) throw notFound('Invalid Resource identifier specified')
  return resource
}

export function findMethod(
  api: RestApi,
  resourceId: string | undefined,
  httpMethod: string | undefined,
): Method {
  const method = api.methods.get(`${findResource(api, resourceId).id} ${httpMethod ?? ''}`)
  if (method === undefined) throw notFound('Invalid Method identifier specified')
  return method
}

export function findDeployment(api: RestApi, id: string | undefined): Deployment {
  const deployment = api.deployments.get(id ?? '')
  if (deployment === undefined) throw notFound('Invalid Deployment identifier specified')
  return deployment
}

export function findAuthorizer(api: RestApi, id: string | undefined): Authorizer {
  const authorizer = api.authorizers.get(id ?? '')
  if (authorizer === undefined) throw notFound('Invalid Authorizer identifier specified')
  return authorizer
}

/** A key that is attached to the plan. */
export function findPlanKey(gateway: Gateway, planId: string | undefined, keyId: string | undefined): ApiKey {
  const plan = findPlan(gateway, planId)
  const attached = gateway.state.planKeys.get(plan.id)?.has(keyId ?? '') ?? false
  const key = attached ? gateway.state.keys.get(keyId ?? '') : undefined
  if (key === undefined) throw notFound('Invalid API Key identifier specified')
  return key
}
