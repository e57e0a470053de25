import type { ErrorShape } from './messages.ts'

/** The error document of Lambda's Node runtime: `errorType` is the error's `name`. */
export function errorShape(error: unknown): ErrorShape {
  if (error instanceof Error || isErrorLike(error)) {
    const stack = typeof error.stack === 'string' ? error.stack.split('\n') : []
    return { errorType: String(error.name), errorMessage: String(error.message), trace: stack }
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] }
}

/** What the runtime prints for a failed invocation: the document and the error's own members. */
export function errorLogText(error: unknown): string {
  const { errorType, errorMessage, trace } = errorShape(error)
  const own = typeof error === 'object' && error !== null ? ownMembers(error) : {}
  return JSON.stringify({ errorType, errorMessage, ...own, stack: trace })
}

function ownMembers(error: object): Record<string, unknown> {
  const entries = Object.entries(error).filter(([key]) => !['name', 'message', 'stack'].includes(key))
  try {
    return JSON.parse(JSON.stringify(Object.fromEntries(entries)))
  } catch {
    return {}
  }
}

/** Errors of another realm (a `vm`, a bundled polyfill) are no `instanceof Error` here. */
function isErrorLike(value: unknown): value is { name: unknown; message: unknown; stack?: unknown } {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value
  )
}
