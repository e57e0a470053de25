import type { LocalTime } from '../../contract.ts'

/** A function as its template describes it, with what its permissions and invoke configuration add. */
export type FunctionState = {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly roleArn: string
  readonly runtime: string
  readonly architecture: string
  readonly handler: string
  readonly timeoutSeconds: number
  readonly memoryMb: number
  readonly environment: Readonly<Record<string, string>>
  readonly logGroup: string
  readonly reservedConcurrency: number | undefined
  readonly deadLetterArn: string | undefined
  readonly tracing: 'Active' | 'PassThrough'
  readonly lastModified: LocalTime
  codeDir: string
  asyncConfig: AsyncConfig
  permissions: PermissionStatement[]
}

export type AsyncConfig = {
  readonly maximumRetryAttempts: number
  readonly maximumEventAgeSeconds: number
  readonly onFailureArn: string | undefined
  readonly onSuccessArn: string | undefined
}

/** Lambda retries twice and keeps an event for six hours unless told otherwise. */
export const DEFAULT_ASYNC_CONFIG: AsyncConfig = {
  maximumRetryAttempts: 2,
  maximumEventAgeSeconds: 21_600,
  onFailureArn: undefined,
  onSuccessArn: undefined,
}

/** A statement of the function's resource policy. */
export type PermissionStatement = Readonly<Record<string, unknown>>

/** The name in `name`, `acct:function:name` or an ARN, each with an optional `:$LATEST`. */
export function functionName(reference: string): string {
  const withoutVersion = reference.replace(/:\$LATEST$/, '')
  return /(?:^|:)function:([^:]+)/.exec(withoutVersion)?.[1] ?? withoutVersion
}
