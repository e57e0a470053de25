import { type Operation, ServiceError } from '../../../contract.ts'
import type { Iam } from '../../../iam/iam.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

type Input = {
  readonly PolicySourceArn?: string
  readonly ActionNames?: unknown
  readonly ResourceArns?: unknown
  readonly ContextEntries?: unknown
}

/** What a role's own policies say. Resource policies are not part of it, as at AWS unless they are given. */
export function simulatePrincipalPolicy(iam: Iam): Operation {
  return (input: Input, { authorize }) => {
    const known = ['ActionNames', 'ContextEntries', 'PolicySourceArn', 'ResourceArns']
    refuseUnknown('iam SimulatePrincipalPolicy', input, known)
    const roleArn = String(input.PolicySourceArn)
    authorize('iam:SimulatePrincipalPolicy', roleArn)
    if (!iam.roles().some(({ arn }) => arn === roleArn))
      throw new ServiceError('NoSuchEntity', `The entity with arn ${roleArn} cannot be found.`, 404)
    const actions = texts(input.ActionNames)
    if (actions.length === 0) throw new ServiceError('ValidationError', 'ActionNames must not be empty')
    const context = contextOf(input.ContextEntries)
    const asked = input.ResourceArns === undefined ? ['*'] : texts(input.ResourceArns)
    const results = actions.flatMap(action =>
      asked.map(resource => ({
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: iam.simulate(roleArn, action, resource, context),
        MatchedStatements: [],
        MissingContextValues: [],
      })),
    )
    return { EvaluationResults: results, IsTruncated: false }
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function contextOf(entries: unknown): Record<string, string> {
  const list: unknown[] = Array.isArray(entries) ? entries : []
  return Object.fromEntries(
    list.map(entry => {
      const members = new Map(Object.entries(entry ?? {}))
      return [String(members.get('ContextKeyName')), texts(members.get('ContextKeyValues'))[0] ?? '']
    }),
  )
}
