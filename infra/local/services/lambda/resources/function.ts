import { physicalName, type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { assetFolder } from '../code.ts'
import type { LambdaCore } from '../core.ts'
import { DEFAULT_ASYNC_CONFIG, type FunctionState } from '../functions.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { reservedVariables } from '../variables.ts'

/** Tags, ephemeral storage and tracing are accepted and change nothing a caller could see here. */
const KNOWN = [
  'Architectures',
  'Code',
  'DeadLetterConfig',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FunctionName',
  'Handler',
  'LoggingConfig',
  'MemorySize',
  'PackageType',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'Tags',
  'Timeout',
  'TracingConfig',
]

/** Lambda's defaults: 128 MB, 3 s. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
const DEFAULT_MEMORY_MB = 128
const DEFAULT_TIMEOUT_SECONDS = 3

/** `AWS::Lambda::Function` */
export function createFunction(core: LambdaCore): ResourceProvider {
  return ({ properties, assemblyDir, stackName, logicalId }) => {
    refuseUnknown(properties, KNOWN, 'AWS::Lambda::Function')
    const { cloud } = core
    const name = String(properties.FunctionName ?? physicalName({ stackName, logicalId }))
    if (core.functions.has(name)) {
      throw new ServiceError('ResourceConflictException', `Function already exist: ${name}`, 409)
    }
    const arn = `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${name}`
    const fn: FunctionState = {
      name,
      arn,
      description: String(properties.Description ?? ''),
      roleArn: assumableRole(core, String(properties.Role)),
      runtime: nodeRuntime(properties.Runtime),
      architecture: String(properties.Architectures?.[0] ?? 'x86_64'),
      handler: String(properties.Handler),
      timeoutSeconds: Number(properties.Timeout ?? DEFAULT_TIMEOUT_SECONDS),
      memoryMb: Number(properties.MemorySize ?? DEFAULT_MEMORY_MB),
      environment: variablesOf(properties.Environment),
      logGroup: logGroupOf(properties.LoggingConfig, name),
      reservedConcurrency: optionalNumber(properties.ReservedConcurrentExecutions),
      deadLetterArn: properties.DeadLetterConfig?.TargetArn,
      tracing: properties.TracingConfig?.Mode === 'Active' ? 'Active' : 'PassThrough',
      lastModified: cloud.clock.now(),
      codeDir: codeFolder(properties.Code ?? {}, assemblyDir),
      asyncConfig: DEFAULT_ASYNC_CONFIG,
      permissions: [],
    }
    core.functions.set(name, fn)
    return { ref: name, attributes: { Arn: arn } }
  }
}

function assumableRole(core: LambdaCore, roleArn: string): string {
  if (core.canAssume(roleArn, 'lambda.amazonaws.com')) return roleArn
  const message = 'The role defined for the function cannot be assumed by Lambda.'
  throw new ServiceError('InvalidParameterValueException', message)
}

function nodeRuntime(runtime: unknown): string {
  if (typeof runtime === 'string' && /^nodejs\d+\.x$/.test(runtime)) return runtime
  throw new UnsupportedError(`the Lambda runtime ${JSON.stringify(runtime)}`)
}

function variablesOf(
  environment: { Variables?: Record<string, unknown> } | undefined,
): Record<string, string> {
  const entries = Object.entries(environment?.Variables ?? {}).map(
    ([key, value]) => [key, String(value)] as const,
  )
  const variables = Object.fromEntries(entries)
  const reserved = reservedVariables(variables)
  if (reserved.length === 0) return variables
  const message = `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`
  throw new ServiceError('InvalidParameterValueException', message)
}

function logGroupOf(logging: { LogFormat?: string; LogGroup?: string } | undefined, name: string): string {
  const { LogFormat = 'Text', LogGroup = `/aws/lambda/${name}`, ...others } = logging ?? {}
  refuseUnknown(others, [], 'LoggingConfig of AWS::Lambda::Function')
  if (LogFormat !== 'Text') throw new UnsupportedError(`LogFormat ${LogFormat} of AWS::Lambda::Function`)
  return LogGroup
}

function codeFolder(code: Record<string, unknown>, assemblyDir: string): string {
  if (typeof code.S3Key === 'string') return assetFolder(assemblyDir, code.S3Key)
  throw new UnsupportedError(
    `Code with ${Object.keys(code).join(', ') || 'nothing'} of AWS::Lambda::Function`,
  )
}

function optionalNumber(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value)
}
