import type { HttpApi, Integration, Route, Stage } from '../state.ts'

// What the API shows (docs.aws.amazon.com/apigatewayv2/latest/api-reference): dates are ISO 8601, absent members absent.

export const apiView = (api: HttpApi) => ({
  apiEndpoint: api.endpoint,
  apiId: api.id,
  apiKeySelectionExpression: '$request.header.x-api-key',
  createdDate: iso(api.createdAt),
  description: api.description,
  disableExecuteApiEndpoint: false,
  ipAddressType: 'ipv4',
  name: api.name,
  protocolType: 'HTTP',
  routeSelectionExpression: '$request.method $request.path',
  tags: { ...api.tags },
})

export const routeView = (route: Route) => ({
  apiKeyRequired: false,
  authorizationType: 'NONE',
  operationName: route.operationName,
  routeId: route.id,
  routeKey: route.routeKey,
  target: `integrations/${route.integrationId}`,
})

export const integrationView = (integration: Integration) => ({
  connectionType: 'INTERNET',
  credentialsArn: integration.credentials,
  description: integration.description,
  integrationId: integration.id,
  integrationMethod: 'POST',
  integrationType: 'AWS_PROXY',
  integrationUri: integration.uri,
  payloadFormatVersion: '2.0',
  timeoutInMillis: integration.timeoutMs,
})

export const stageView = (stage: Stage) => ({
  accessLogSettings: stage.accessLog && {
    destinationArn: stage.accessLog.destinationArn,
    format: stage.accessLog.format,
  },
  autoDeploy: true,
  createdDate: iso(stage.createdAt),
  defaultRouteSettings: {
    detailedMetricsEnabled: stage.detailedMetrics,
    throttlingBurstLimit: stage.throttle?.burstLimit,
    throttlingRateLimit: stage.throttle?.rateLimit,
  },
  description: stage.description,
  lastUpdatedDate: iso(stage.createdAt),
  routeSettings: {},
  stageName: stage.name,
  stageVariables: { ...stage.variables },
  tags: { ...stage.tags },
})

const iso = (time: number): string => new Date(time).toISOString()
