import { type ResourceProvider, UnsupportedError } from '../contract.ts'
import type { Stack, TemplateResource } from './assembly.ts'
import { INERT_TYPES } from './inert.ts'
import { provisioningOrder } from './order.ts'
import { parameterValues } from './parameters.ts'
import { type Account, createStackScope, type StackScope } from './scope.ts'

/** A stack whose resources can be created one after the other. */
export type PreparedStack = {
  readonly stack: Stack
  readonly scope: StackScope
  /** Logical ids of what its conditions include, each after what it depends on. */
  readonly order: readonly string[]
}

export type Preparation = {
  readonly stacks: readonly Stack[]
  readonly parameters: Readonly<Record<string, string>>
  readonly account: Account
  readonly providers: Readonly<Record<string, ResourceProvider>>
}

/** What templates may have besides what is created; rules and metadata tell CDK's and CloudFormation's own tools. */
const KNOWN_SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
])
const KNOWN_OF_RESOURCE = new Set([
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
])

/** Finds everything that can be known to be wrong before anything is created. */
export function prepare({ stacks, parameters, account, providers }: Preparation): {
  prepared: PreparedStack[]
  problems: string[]
} {
  const problems: string[] = undeclared(stacks, parameters)
  const exports = new Map<string, string>()
  const prepared = stacks.flatMap(stack => {
    const values = parameterValues(stack, parameters)
    problems.push(...values.problems, ...unknownSections(stack))
    if (values.problems.length > 0) return []
    const scope = createStackScope(stack, values.values, account, exports)
    const { resources, problems: wrong } = includedResources(stack, scope)
    const unsupported = Object.entries(resources).flatMap(([logicalId, resource]) =>
      unsupportedOf(resource, providers).map(
        what => `${stack.name}/${logicalId}: ${new UnsupportedError(what).message}`,
      ),
    )
    problems.push(...wrong, ...unsupported)
    return inOrder(stack, resources, problems).map(order => ({ stack, scope, order }))
  })
  return { prepared, problems }
}

/** How messages name a resource. */
export function place(stack: Stack, logicalId: string, { Type }: TemplateResource): string {
  return `${stack.name}/${logicalId} (${Type})`
}

function undeclared(stacks: readonly Stack[], parameters: Preparation['parameters']): string[] {
  const declared = new Set(stacks.flatMap(stack => Object.keys(stack.template.Parameters ?? {})))
  return Object.keys(parameters)
    .filter(name => !declared.has(name))
    .map(name => `no stack declares the parameter ${name}`)
}

function unknownSections({ name, template }: Stack): string[] {
  return Object.keys(template)
    .filter(section => !KNOWN_SECTIONS.has(section))
    .map(section => `${name}: ${new UnsupportedError(`the template section ${section}`).message}`)
}

/** Those whose condition holds. */
function includedResources(stack: Stack, scope: StackScope) {
  const problems: string[] = []
  const resources = Object.entries(stack.template.Resources ?? {}).filter(([logicalId, resource]) => {
    try {
      return resource.Condition === undefined || scope.condition(resource.Condition)
    } catch (error) {
      problems.push(`${place(stack, logicalId, resource)}: ${error instanceof Error ? error.message : error}`)
      return false
    }
  })
  return { resources: Object.fromEntries(resources), problems }
}

function unsupportedOf(resource: TemplateResource, providers: Preparation['providers']): string[] {
  const { Type } = resource
  const isKnown = Object.hasOwn(providers, Type) || Object.hasOwn(INERT_TYPES, Type)
  const members = Object.keys(resource).filter(member => !KNOWN_OF_RESOURCE.has(member))
  return [...(isKnown ? [] : [`the resource type ${Type}`]), ...members.map(name => `${name} of ${Type}`)]
}

function inOrder(
  stack: Stack,
  resources: Readonly<Record<string, TemplateResource>>,
  problems: string[],
): (readonly string[])[] {
  try {
    return [provisioningOrder(resources)]
  } catch (error) {
    problems.push(`${stack.name}: ${error instanceof Error ? error.message : error}`)
    return []
  }
}
