import type { AuthorizerAnswer, PolicyStatement } from '../state.ts'

export type PolicyVerdict = 'allow' | 'explicit-deny' | 'implicit-deny'

type Compiled = { readonly deny: boolean; readonly resources: readonly ((arn: string) => boolean)[] }

const ACTION = 'execute-api:Invoke'
const ARN_SEGMENTS = 6

/** Patterns are compiled once for an answer, which a cache may hold for many requests. */
const compiled = new WeakMap<AuthorizerAnswer, readonly Compiled[]>()

/** Whether the answer's policy lets its principal invoke the method: an explicit Deny wins, silence denies. */
export function evaluatePolicy(answer: AuthorizerAnswer, methodArn: string): PolicyVerdict {
  const statements = compiled.get(answer) ?? compile(answer)
  const applying = statements.filter(({ resources }) => resources.some(matches => matches(methodArn)))
  if (applying.some(({ deny }) => deny)) return 'explicit-deny'
  return applying.length > 0 ? 'allow' : 'implicit-deny'
}

function compile(answer: AuthorizerAnswer): readonly Compiled[] {
  const statements = answer.policy.filter(isAboutInvoke).map(({ effect, resources }) => ({
    deny: effect === 'Deny',
    resources: resources.map(compileArn),
  }))
  compiled.set(answer, statements)
  return statements
}

const isAboutInvoke = ({ actions }: PolicyStatement): boolean =>
  actions.some(action => expression(action.toLowerCase()).test(ACTION.toLowerCase()))

/** Wildcards stay inside their part of the ARN; the last part, with the path, takes all that follows. */
function compileArn(pattern: string): (arn: string) => boolean {
  if (pattern === '*') return () => true
  const parts = splitArn(pattern).map(expression)
  return arn => {
    const given = splitArn(arn)
    return parts.length === given.length && parts.every((part, index) => part.test(given[index] ?? ''))
  }
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, ARN_SEGMENTS - 1), parts.slice(ARN_SEGMENTS - 1).join(':')]
}

/** Runs of `*` mean what one means, and would make a refusal slow. */
function expression(pattern: string): RegExp {
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
