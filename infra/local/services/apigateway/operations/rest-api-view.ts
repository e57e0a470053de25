import type { RestApi as SdkRestApi, Stage as SdkStage } from '@aws-sdk/client-api-gateway'
import { epochSeconds, present, type Wire } from '../gateway.ts'
import type { RestApi, Stage } from '../state.ts'
import { shownTags } from './tags.ts'

export const restApiView = (api: RestApi): Wire<SdkRestApi> =>
  present({
    id: api.id,
    name: api.name,
    description: api.description,
    createdDate: epochSeconds(api.createdAt),
    apiKeySource: api.apiKeySource,
    binaryMediaTypes: api.binaryMediaTypes.length > 0 ? [...api.binaryMediaTypes] : undefined,
    endpointConfiguration: {
      types: [...api.endpointTypes] as ('REGIONAL' | 'EDGE' | 'PRIVATE')[],
      ipAddressType: 'ipv4' as const,
    },
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    rootResourceId: api.rootResourceId,
    tags: shownTags(api.tags),
  })

export const stageView = (stage: Stage): Wire<SdkStage> =>
  present({
    stageName: stage.name,
    deploymentId: stage.deploymentId,
    description: stage.description,
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE' as const,
    methodSettings: stage.methodSettings,
    variables: Object.keys(stage.variables).length > 0 ? { ...stage.variables } : undefined,
    accessLogSettings: stage.accessLog && {
      destinationArn: stage.accessLog.destinationArn,
      format: stage.accessLog.format,
    },
    tracingEnabled: stage.tracingEnabled,
    createdDate: epochSeconds(stage.createdAt),
    lastUpdatedDate: epochSeconds(stage.createdAt),
    tags: shownTags(stage.tags),
  })
