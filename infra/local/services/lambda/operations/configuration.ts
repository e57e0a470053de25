import { createHash } from 'node:crypto'
import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { FunctionState } from '../functions.ts'

/** A function as the API describes it. Size and hash are of the folder's name: nothing is zipped. */
export function toConfiguration(fn: FunctionState): FunctionConfiguration {
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: fn.runtime as NonNullable<FunctionConfiguration['Runtime']>,
    Role: fn.roleArn,
    Handler: fn.handler,
    CodeSize: 0,
    CodeSha256: createHash('sha256').update(fn.codeDir).digest('base64'),
    Description: fn.description,
    Timeout: fn.timeoutSeconds,
    MemorySize: fn.memoryMb,
    LastModified: new Date(fn.lastModified).toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    Environment: { Variables: { ...fn.environment } },
    TracingConfig: { Mode: fn.tracing },
    PackageType: 'Zip',
    Architectures: [fn.architecture as 'arm64' | 'x86_64'],
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: 'Text', LogGroup: fn.logGroup },
  }
}
