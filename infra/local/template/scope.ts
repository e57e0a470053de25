import { createHash } from 'node:crypto'
import { type ProvisionedResource, UnsupportedError } from '../contract.ts'
import type { Stack } from './assembly.ts'
import { evaluateCondition, type Json, type Scope } from './intrinsics.ts'

export type Account = { readonly region: string; readonly accountId: string }

export type StackScope = Scope & {
  provision(logicalId: string, resource: ProvisionedResource): void
  exportValue(name: string, value: string): void
}

export class MissingExportError extends Error {
  override readonly name = 'MissingExportError'
}

/** What the intrinsic functions of one stack see. `exports` is shared by all stacks. */
export function createStackScope(
  stack: Stack,
  parameters: ReadonlyMap<string, Json>,
  account: Account,
  exports: Map<string, string>,
): StackScope {
  const { template } = stack
  const provisioned = new Map<string, ProvisionedResource>()
  const conditions = new Map<string, boolean>()
  const pseudo = pseudoParameters(stack, account)

  const scope: StackScope = {
    ref(name) {
      const value = pseudo.get(name) ?? parameters.get(name) ?? provisioned.get(name)?.ref
      if (value === undefined) throw new Error(`Ref to ${name}, which does not exist`)
      return value
    },
    getAtt(logicalId, attribute) {
      const resource = provisioned.get(logicalId)
      if (!resource) throw new Error(`Fn::GetAtt of ${logicalId}, which does not exist`)
      const value = resource.attributes?.[attribute]
      if (value === undefined) {
        const type = template.Resources?.[logicalId]?.Type
        throw new UnsupportedError(`the attribute ${attribute} of ${type} (${logicalId})`)
      }
      return value
    },
    importValue(name) {
      const value = exports.get(name)
      if (value === undefined) throw new MissingExportError(`no stack exports ${name}`)
      return value
    },
    condition(name) {
      const known = conditions.get(name)
      if (known !== undefined) return known
      const expression = template.Conditions?.[name]
      if (expression === undefined) throw new Error(`condition ${name} does not exist`)
      const value = evaluateCondition(expression, scope)
      conditions.set(name, value)
      return value
    },
    mapping(name, first, second) {
      const value = template.Mappings?.[name]?.[first]?.[second]
      if (value === undefined) throw new Error(`mapping ${name} has no ${first}/${second}`)
      return value
    },
    provision(logicalId, resource) {
      provisioned.set(logicalId, resource)
    },
    exportValue(name, value) {
      if (exports.has(name)) throw new Error(`${name} is exported twice`)
      exports.set(name, value)
    },
  }
  return scope
}

function pseudoParameters(stack: Stack, account: Account): ReadonlyMap<string, Json> {
  const id = createHash('sha256').update(stack.name).digest('hex')
  const uuid = [8, 12, 16, 20, 32].map((end, n) => id.slice([0, 8, 12, 16, 20][n], end)).join('-')
  const values = {
    'AWS::Region': account.region,
    'AWS::AccountId': account.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${stack.name}/${uuid}`,
  }
  return new Map(Object.entries(values))
}
