import type { Integration as SdkIntegration, Method as SdkMethod } from '@aws-sdk/client-api-gateway'
import { present, type Wire } from '../gateway.ts'
import type { Method } from '../state.ts'

export const integrationView = ({ integration, resourceId }: Method): Wire<SdkIntegration> =>
  present({
    type: 'AWS_PROXY' as const,
    httpMethod: 'POST',
    uri: integration.uri,
    credentials: integration.credentials,
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutInMillis: integration.timeoutMs,
    cacheNamespace: resourceId,
    cacheKeyParameters: [],
  })

export const methodView = (method: Method): Wire<SdkMethod> =>
  present({
    httpMethod: method.httpMethod,
    authorizationType: method.authorizationType,
    authorizerId: method.authorizerId,
    apiKeyRequired: method.apiKeyRequired,
    methodIntegration: integrationView(method),
  })
