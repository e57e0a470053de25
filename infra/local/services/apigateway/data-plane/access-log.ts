import { createHash } from 'node:crypto'
import type { LocalCloud } from '../../../contract.ts'
import { badRequest } from '../errors.ts'
import type { Exchange, GatewayReply } from './exchange.ts'
import { contextNames, substitute } from './substitute.ts'

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
export function refuseUnknownLogVariables(format: string): void {
  const unknown = contextNames(format).filter(name => !NAMES.has(name) && !OPEN_SCOPES.test(name))
  if (unknown.length > 0) throw badRequest(`Unknown access log variables: ${unknown.join(', ')}`)
}

/** Writes the one line of a request, refused ones included. Absent variables are `-`. */
export function writeAccessLog(cloud: LocalCloud, exchange: Exchange, reply: GatewayReply): void {
  const { accessLog } = exchange.stage
  if (accessLog === undefined) return
  const { context } = exchange
  const now = cloud.clock.now()
  context.set('status', String(reply.status))
  context.set('responseLength', String(reply.body.length))
  context.set('responseLatency', String(now - exchange.arrivedAt))
  const message = substitute(accessLog.format, { context, stage: exchange.stage.variables }, () => '-')
  const stream = createHash('md5').update(`${exchange.api.id}/${exchange.stage.name}`).digest('hex')
  cloud.putLogs(accessLog.logGroup, stream, [{ timestamp: now, message: message.trimEnd() }])
}
