import type { PolicyStatement } from '../state.ts'

export type PolicyVerdict = 'allow' | 'explicit-deny' | 'implicit-deny'

const ACTION = 'execute-api:Invoke'
const ARN_SEGMENTS = 6

/** Whether the policy lets its principal invoke the method: an explicit Deny wins, silence denies. */
export function evaluatePolicy(statements: readonly PolicyStatement[], methodArn: string): PolicyVerdict {
  const applying = statements.filter(
    statement =>
      statement.actions.some(action => matches(action.toLowerCase(), ACTION.toLowerCase())) &&
      statement.resources.some(resource => matchesArn(resource, methodArn)),
  )
  if (applying.some(statement => statement.effect === 'Deny')) return 'explicit-deny'
  return applying.length > 0 ? 'allow' : 'implicit-deny'
}

/** Wildcards stay inside their part of the ARN; the last part, with the path, takes all that follows. */
function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true
  const patternParts = splitArn(pattern)
  const parts = splitArn(arn)
  return (
    patternParts.length === parts.length &&
    patternParts.every((part, index) => matches(part, parts[index] ?? ''))
  )
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, ARN_SEGMENTS - 1), parts.slice(ARN_SEGMENTS - 1).join(':')]
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}
