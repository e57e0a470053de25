import type { FrontReply } from '../../../http-front/message.ts'
import { contextNames, fill, type Template } from '../../../http-front/variables.ts'
import { badRequest } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { type Exchange, variable } from './exchange.ts'

/** docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const NAMES = new Set(
  `accountId apiId awsEndpointRequestId cipherSuite clientCertificateId customDomain.basePathMatched deploymentId
  domainName domainPrefix endpointType error.message error.messageString error.responseType error.validationErrorString
  extendedRequestId httpMethod identity.accountId identity.apiKey identity.apiKeyId identity.caller
  identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType identity.cognitoIdentityId
  identity.cognitoIdentityPoolId identity.principalOrgId identity.sourceIp identity.user identity.userAgent
  identity.userArn identity.vpcId identity.vpceId integration.error integration.integrationStatus integration.latency
  integration.requestId integration.responseTransferMode integration.status integration.timeToFirstContent
  integrationErrorMessage integrationLatency integrationStatus isCanaryRequest path protocol requestId
  requestOverride.path requestTime requestTimeEpoch resourceId resourcePath responseLatency responseLength
  responseOverride.status stage status tlsVersion webaclArn xrayTraceId wafResponseCode`
    .split(/\s+/)
    .filter(name => name !== ''),
)
const OPEN_SCOPES =
  /^(authorizer|authorize|authenticate|waf|identity\.clientCert|requestOverride|responseOverride)\./

/** A misspelt variable would be logged as `-` for ever; here it stops the start. */
export function refuseUnknownLogVariables(template: Template): void {
  const unknown = contextNames(template).filter(name => !NAMES.has(name) && !OPEN_SCOPES.test(name))
  if (unknown.length > 0) throw badRequest(`Unknown access log variables: ${unknown.join(', ')}`)
}

/** Writes the one line of a request, refused ones included. Absent variables are `-`. */
export function writeAccessLog(gateway: Gateway, exchange: Exchange, reply: FrontReply): void {
  const { accessLog } = exchange.stage
  if (accessLog === undefined) return
  const { context } = exchange
  const timestamp = gateway.cloud.clock.now()
  context.set('status', String(reply.status))
  context.set('responseLength', String(Buffer.byteLength(reply.body)))
  context.set('responseLatency', String(timestamp - exchange.arrivedAt))
  const message = fill(
    accessLog.template,
    (scope, name) => variable(exchange, scope, name),
    () => '-',
  )
  gateway.logLines.add(accessLog.logGroup, accessLog.logStream, { timestamp, message: message.trimEnd() })
}
