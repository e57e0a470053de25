import type { ControlOperation } from '../gateway.ts'
import { createApiKey } from './create-api-key.ts'
import { createUsagePlan } from './create-usage-plan.ts'
import { createUsagePlanKey } from './create-usage-plan-key.ts'
import { deleteApiKey } from './delete-api-key.ts'
import { deleteUsagePlan } from './delete-usage-plan.ts'
import { deleteUsagePlanKey } from './delete-usage-plan-key.ts'
import { flushStageAuthorizersCache } from './flush-stage-authorizers-cache.ts'
import { getAccount } from './get-account.ts'
import { getApiKey } from './get-api-key.ts'
import { getApiKeys } from './get-api-keys.ts'
import { getAuthorizer } from './get-authorizer.ts'
import { getAuthorizers } from './get-authorizers.ts'
import { getDeployment } from './get-deployment.ts'
import { getDeployments } from './get-deployments.ts'
import { getGatewayResponse } from './get-gateway-response.ts'
import { getGatewayResponses } from './get-gateway-responses.ts'
import { getIntegration } from './get-integration.ts'
import { getMethod } from './get-method.ts'
import { getResource } from './get-resource.ts'
import { getResources } from './get-resources.ts'
import { getRestApi } from './get-rest-api.ts'
import { getRestApis } from './get-rest-apis.ts'
import { getStage } from './get-stage.ts'
import { getStages } from './get-stages.ts'
import { getTags } from './get-tags.ts'
import { getUsage } from './get-usage.ts'
import { getUsagePlan } from './get-usage-plan.ts'
import { getUsagePlanKey } from './get-usage-plan-key.ts'
import { getUsagePlanKeys } from './get-usage-plan-keys.ts'
import { getUsagePlans } from './get-usage-plans.ts'
import { tagResource } from './tag-resource.ts'
import { untagResource } from './untag-resource.ts'
import { updateApiKey } from './update-api-key.ts'
import { updateUsage } from './update-usage.ts'
import { updateUsagePlan } from './update-usage-plan.ts'

// biome-ignore lint/suspicious/noExplicitAny: a table of operations with different inputs and outputs.
export const OPERATIONS: Readonly<Record<string, ControlOperation<any, unknown>>> = {
  CreateApiKey: createApiKey,
  GetApiKey: getApiKey,
  GetApiKeys: getApiKeys,
  UpdateApiKey: updateApiKey,
  DeleteApiKey: deleteApiKey,
  CreateUsagePlan: createUsagePlan,
  GetUsagePlan: getUsagePlan,
  GetUsagePlans: getUsagePlans,
  UpdateUsagePlan: updateUsagePlan,
  DeleteUsagePlan: deleteUsagePlan,
  CreateUsagePlanKey: createUsagePlanKey,
  GetUsagePlanKey: getUsagePlanKey,
  GetUsagePlanKeys: getUsagePlanKeys,
  DeleteUsagePlanKey: deleteUsagePlanKey,
  GetUsage: getUsage,
  UpdateUsage: updateUsage,
  GetAccount: getAccount,
  GetRestApis: getRestApis,
  GetRestApi: getRestApi,
  GetResources: getResources,
  GetResource: getResource,
  GetMethod: getMethod,
  GetIntegration: getIntegration,
  GetAuthorizers: getAuthorizers,
  GetAuthorizer: getAuthorizer,
  GetGatewayResponses: getGatewayResponses,
  GetGatewayResponse: getGatewayResponse,
  GetDeployments: getDeployments,
  GetDeployment: getDeployment,
  GetStages: getStages,
  GetStage: getStage,
  FlushStageAuthorizersCache: flushStageAuthorizersCache,
  GetTags: getTags,
  TagResource: tagResource,
  UntagResource: untagResource,
}
