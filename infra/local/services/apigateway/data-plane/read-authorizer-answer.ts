import { UnsupportedError } from '../../../contract.ts'
import type { AuthorizerAnswer, PolicyStatement } from '../state.ts'
import { Refusal } from './exchange.ts'

/**
 * Parses what an authorizer returned. Anything API Gateway would not understand throws
 * AUTHORIZER_CONFIGURATION_ERROR: a missing principal, a malformed policy, objects in the context.
 */
export function readAuthorizerAnswer(payload: string): AuthorizerAnswer {
  const answer = asObject(parse(payload))
  const policyDocument = asObject(answer.policyDocument)
  const principalId = answer.principalId
  if (typeof principalId !== 'string' || principalId === '') throw malformed()
  const statements = policyDocument.Statement
  const usageIdentifierKey = answer.usageIdentifierKey ?? undefined
  if (usageIdentifierKey !== undefined && typeof usageIdentifierKey !== 'string') throw malformed()
  return {
    principalId,
    policy: (Array.isArray(statements) ? statements : [statements]).map(readStatement),
    context: readContext(answer.context),
    ...(usageIdentifierKey === undefined ? {} : { usageIdentifierKey }),
  }
}

const malformed = () => new Refusal('AUTHORIZER_CONFIGURATION_ERROR')

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    throw malformed()
  }
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return value as Record<string, unknown>
}

const SUPPORTED = ['Sid', 'Effect', 'Action', 'Resource']
const UNSUPPORTED = ['NotAction', 'NotResource', 'Condition']

/** Conditions are not evaluated here; a policy that has one is refused by name rather than half obeyed. */
function readStatement(given: unknown): PolicyStatement {
  const statement = asObject(given)
  const effect = statement.Effect
  const names = Object.keys(statement)
  const unsupported = names.find(name => UNSUPPORTED.includes(name))
  if (unsupported !== undefined) throw new UnsupportedError(`${unsupported} in the policy of an authorizer`)
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed()
  if (names.some(name => !SUPPORTED.includes(name))) throw malformed()
  return { effect, actions: texts(statement.Action), resources: texts(statement.Resource) }
}

function texts(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.map(entry => {
    if (typeof entry !== 'string' || entry === '') throw malformed()
    return entry
  })
}

/** Strings, numbers and booleans only; all of them travel on as strings. */
function readContext(given: unknown): Record<string, string> {
  if (given === undefined || given === null) return {}
  return Object.fromEntries(
    Object.entries(asObject(given)).map(([name, value]) => {
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
        throw malformed()
      return [name, String(value)]
    }),
  )
}
