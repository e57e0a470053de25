import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'

/**
 * One JSON line per request at the stage, refused ones included; parsed by `accessLineSchema` of the api contract.
 * Only values that API Gateway or our authorizer made: a caller controls none of them (`path` would be theirs).
 */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  `{"id":"$context.extendedRequestId","account":"$context.authorizer.account","key":"$context.authorizer.key",` +
    `"route":"$context.httpMethod $context.resourcePath","status":$context.status,"usedAt":$context.requestTimeEpoch,` +
    `"error":"$context.error.responseType","latencyMs":"$context.responseLatency"}`,
)

/** What of the access log reaches the ledger: requests of known accounts that the client saw fail. */
export const REFUSED_LINES = '{ $.account = "acct_*" && $.status >= 400 }'
/** The usage lines among the api function's log lines. */
export const USAGE_LINES = '{ $.account = "acct_*" && $.units = * }'
