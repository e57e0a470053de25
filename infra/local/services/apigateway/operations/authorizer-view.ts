import type { Authorizer as SdkAuthorizer } from '@aws-sdk/client-api-gateway'
import { present, type Wire } from '../gateway.ts'
import type { Authorizer } from '../state.ts'

export const authorizerView = (authorizer: Authorizer): Wire<SdkAuthorizer> =>
  present({
    id: authorizer.id,
    name: authorizer.name,
    type: authorizer.type,
    authType: 'custom',
    authorizerUri: authorizer.uri,
    authorizerCredentials: authorizer.credentials,
    identitySource: authorizer.identitySources.join(',') || undefined,
    identityValidationExpression: authorizer.validation?.expression,
    authorizerResultTtlInSeconds: authorizer.resultTtlSeconds,
  })
