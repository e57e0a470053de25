import { UnsupportedError } from '../contract.ts'
import { type Conditions, conditionsHold, parseConditions } from './conditions.ts'
import { matchesPattern } from './pattern.ts'

export type Statement = {
  readonly sid: string | undefined
  readonly effect: 'Allow' | 'Deny'
  /** Empty in identity policies, which speak of who holds them. */
  readonly principals: readonly Principal[]
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly conditions: Conditions
}

type Principal = { readonly kind: 'AWS' | 'Service' | '*'; readonly value: string }

export type AccessRequest = {
  readonly action: string
  readonly resource: string
  /** Context keys, lower case: `aws:sourcearn`. */
  readonly context: Readonly<Record<string, string>>
}

const KNOWN_MEMBERS = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'])

/**
 * Parses a policy document as IAM defines it. `owner` names it in messages. What CDK does not emit and the evaluation
 * does not know (`NotAction`, policy variables …) is refused, since ignoring it could allow too much.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(document: unknown, owner: string): Statement[] {
  if (!isRecord(document)) throw new Error(`${owner}: a policy document must be an object`)
  const statements = asList(document.Statement)
  return statements.map(statement => parseStatement(statement, owner))
}

function parseStatement(statement: unknown, owner: string): Statement {
  if (!isRecord(statement)) throw new Error(`${owner}: a policy statement must be an object`)
  for (const member of Object.keys(statement)) {
    if (!KNOWN_MEMBERS.has(member)) throw new UnsupportedError(`${member} in a policy statement (${owner})`)
  }
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') {
    throw new Error(
      `${owner}: a statement's Effect is Allow or Deny, not ${JSON.stringify(statement.Effect)}`,
    )
  }
  const resources = asList(statement.Resource).map(String)
  for (const resource of resources) {
    if (resource.includes('${'))
      throw new UnsupportedError(`policy variables such as in ${resource} (${owner})`)
  }
  return {
    sid: typeof statement.Sid === 'string' ? statement.Sid : undefined,
    effect: statement.Effect,
    principals: parsePrincipal(statement.Principal, owner),
    actions: asList(statement.Action).map(String),
    resources,
    conditions: parseConditions(statement.Condition, owner),
  }
}

function parsePrincipal(principal: unknown, owner: string): Principal[] {
  if (principal === undefined) return []
  if (principal === '*') return [{ kind: '*', value: '*' }]
  if (!isRecord(principal)) throw new Error(`${owner}: unknown principal ${JSON.stringify(principal)}`)
  return Object.entries(principal).flatMap(([kind, values]) => {
    if (kind !== 'AWS' && kind !== 'Service') throw new UnsupportedError(`${kind} principals (${owner})`)
    return asList(values).map(value => ({ kind, value: String(value) }))
  })
}

/** The statement's action pattern that the request matches, when the whole statement speaks of the request. */
export function matchingAction(statement: Statement, request: AccessRequest): string | undefined {
  const action = statement.actions.find(pattern => matchesPattern(pattern, request.action, 'ignore-case'))
  if (action === undefined) return undefined
  // A role's trust policy names no resource: it speaks of the role itself.
  const resources = statement.resources
  if (resources.length > 0 && !resources.some(pattern => matchesPattern(pattern, request.resource)))
    return undefined
  return conditionsHold(statement.conditions, request.context) ? action : undefined
}

/** Whether a resource policy's statement speaks of a role of the account, or of an AWS service. */
export function namesPrincipal(
  statement: Statement,
  who: { readonly roleArn: string } | { readonly service: string },
): boolean {
  return statement.principals.some(principal => {
    if (principal.kind === '*' || principal.value === '*') return true
    if ('service' in who) return principal.kind === 'Service' && principal.value === who.service
    if (principal.kind !== 'AWS') return false
    const account = who.roleArn.split(':')[4] ?? ''
    return [who.roleArn, account, `arn:aws:iam::${account}:root`].includes(principal.value)
  })
}

function asList(value: unknown): unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
