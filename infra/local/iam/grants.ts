import { type AccessRequest, matchingAction, parsePolicy, type Statement } from './policy.ts'

/** A statement that somebody holds, and the actions of it that were needed. */
export type Grant = { readonly policy: string; readonly statement: Statement; readonly used: Set<string> }

/** Actions of an `Allow` statement that nothing has needed since the start. */
export type UnusedGrant = {
  readonly holder: string
  readonly policy: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

export type Decided = { readonly grant: Grant; readonly action: string }

export function matching(grants: readonly Grant[], request: AccessRequest): Decided[] {
  return grants.flatMap(grant => {
    const action = matchingAction(grant.statement, request)
    return action === undefined ? [] : [{ grant, action }]
  })
}

export function isDeny({ grant }: Decided): boolean {
  return grant.statement.effect === 'Deny'
}

export function grantsOf(document: unknown, policy: string): Grant[] {
  return parsePolicy(document, policy).map(statement => ({ policy, statement, used: new Set() }))
}

export function unusedPart(holder: string, { policy, statement, used }: Grant): UnusedGrant[] {
  const actions = statement.actions.filter(action => !used.has(action))
  if (statement.effect === 'Deny' || actions.length === 0) return []
  return [{ holder, policy, actions, resources: statement.resources }]
}
