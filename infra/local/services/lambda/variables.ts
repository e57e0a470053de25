import { ROOT_CREDENTIALS } from '../../options.ts'
import type { FunctionState } from './functions.ts'

export type RuntimeFacts = {
  readonly region: string
  readonly endpointUrl: string
  readonly accessKeyId: string
  readonly logStream: string
}

/** Names that Lambda sets itself and refuses in a function's configuration. */
const RESERVED = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]

export function reservedVariables(environment: Readonly<Record<string, string>>): string[] {
  return RESERVED.filter(name => Object.hasOwn(environment, name))
}

/**
 * Environment variables as Lambda's Node runtime sets them, plus `AWS_ENDPOINT_URL`, the SDK's own way to another
 * endpoint. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function runtimeVariables(fn: FunctionState, facts: RuntimeFacts): Record<string, string> {
  return {
    ...fn.environment,
    _HANDLER: fn.handler,
    AWS_REGION: facts.region,
    AWS_DEFAULT_REGION: facts.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: facts.logStream,
    AWS_ACCESS_KEY_ID: facts.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: ROOT_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL: facts.endpointUrl,
    LAMBDA_TASK_ROOT: fn.codeDir,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  }
}
