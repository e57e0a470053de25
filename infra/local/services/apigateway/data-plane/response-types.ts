/**
 * Gateway response types with their status, message and `x-amzn-ErrorType`
 * (docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
 * The two defaults have no status of their own.
 */
export const GATEWAY_RESPONSE_TYPES = {
  ACCESS_DENIED: type(403, 'User is not authorized to access this resource', 'AccessDeniedException'),
  API_CONFIGURATION_ERROR: type(500, 'Internal server error', 'InternalServerErrorException'),
  AUTHORIZER_CONFIGURATION_ERROR: type(500, undefined, 'AuthorizerConfigurationException'),
  AUTHORIZER_FAILURE: type(500, undefined, 'AuthorizerFailureException'),
  BAD_REQUEST_BODY: type(400, 'Invalid request body', 'BadRequestException'),
  BAD_REQUEST_PARAMETERS: type(400, 'Bad request parameters', 'BadRequestException'),
  DEFAULT_4XX: type(undefined, 'Bad Request', 'BadRequestException'),
  DEFAULT_5XX: type(undefined, 'Internal server error', 'InternalServerErrorException'),
  EXPIRED_TOKEN: type(403, 'The security token included in the request is expired', 'ExpiredTokenException'),
  INTEGRATION_FAILURE: type(504, 'Internal server error', 'InternalServerErrorException'),
  INTEGRATION_TIMEOUT: type(504, 'Endpoint request timed out', 'InternalServerErrorException'),
  INVALID_API_KEY: type(403, 'Forbidden', 'ForbiddenException'),
  INVALID_SIGNATURE: type(403, 'Invalid signature', 'InvalidSignatureException'),
  MISSING_AUTHENTICATION_TOKEN: type(
    403,
    'Missing Authentication Token',
    'MissingAuthenticationTokenException',
  ),
  QUOTA_EXCEEDED: type(429, 'Limit Exceeded', 'LimitExceededException'),
  REQUEST_TOO_LARGE: type(413, 'Request Too Long', 'RequestTooLargeException'),
  RESOURCE_NOT_FOUND: type(404, 'Not Found', 'NotFoundException'),
  THROTTLED: type(429, 'Too Many Requests', 'TooManyRequestsException'),
  UNAUTHORIZED: type(401, 'Unauthorized', 'UnauthorizedException'),
  UNSUPPORTED_MEDIA_TYPE: type(415, 'Unsupported Media Type', 'UnsupportedMediaTypeException'),
  WAF_FILTERED: type(403, 'Forbidden', 'ForbiddenException'),
} as const

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSE_TYPES

export const isGatewayResponseType = (name: string): name is GatewayResponseType =>
  Object.hasOwn(GATEWAY_RESPONSE_TYPES, name)

function type(status: number | undefined, message: string | undefined, errorType: string) {
  return { status, message, errorType }
}
