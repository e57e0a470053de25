import {
  type ProvisionedResource,
  physicalName,
  type ResourceProvider,
  UnsupportedError,
} from '../contract.ts'
import type { Stack } from './assembly.ts'
import { resolveDynamicReferences, type SecretReader } from './dynamic-references.ts'
import { INERT_TYPES } from './inert.ts'
import { type Json, resolve } from './intrinsics.ts'
import { dependenciesOf, provisioningOrder } from './order.ts'
import {
  type Account,
  createStackScope,
  MissingExportError,
  type StackScope,
  stackParameters,
} from './scope.ts'

export type ProvisionRequest = {
  readonly stacks: readonly Stack[]
  readonly assemblyDir: string
  /** CloudFormation parameter values, for every stack that declares the parameter. */
  readonly parameters: Readonly<Record<string, string>>
  readonly account: Account
  /** By resource type. */
  readonly providers: Readonly<Record<string, ResourceProvider>>
  readonly readSecret: SecretReader
}

export type Provisioned = {
  /** Stack name -> output key -> value. */
  readonly outputs: Record<string, Record<string, string>>
  readonly resources: readonly ProvisionedEntry[]
}

export type ProvisionedEntry = {
  readonly stackName: string
  readonly logicalId: string
  readonly type: string
  readonly ref: string
}

/** A start that cannot be: every problem on a line of its own, with stack and logical id. */
export class ProvisioningError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The local cloud cannot provision these templates:\n${problems.map(line => `  - ${line}`).join('\n')}`,
    )
    this.name = 'ProvisioningError'
    this.problems = problems
  }
}

/**
 * Creates every resource of the stacks in dependency order. All unsupported types are reported before anything is
 * created; what providers refuse is collected, skipping what depends on it, and reported at once.
 */
export async function provision(request: ProvisionRequest): Promise<Provisioned> {
  const problems = [...unknownParameters(request), ...unsupportedTypes(request)]
  if (problems.length > 0) throw new ProvisioningError(problems)

  const exports = new Map<string, string>()
  const outputs: Record<string, Record<string, string>> = {}
  const resources: ProvisionedEntry[] = []
  for (const stack of request.stacks) {
    const parameters = stackParameters(stack, request.parameters)
    problems.push(...parameters.problems)
    if (parameters.problems.length > 0) continue
    const scope = createStackScope(stack, parameters.values, request.account, exports)
    const failed = await provisionStack(stack, scope, request, { problems, resources })
    if (failed) continue
    outputs[stack.name] = stackOutputs(stack, scope, exports)
  }
  if (problems.length > 0) throw new ProvisioningError(problems)
  return { outputs, resources }
}

async function provisionStack(
  stack: Stack,
  scope: StackScope,
  request: ProvisionRequest,
  report: { problems: string[]; resources: ProvisionedEntry[] },
): Promise<boolean> {
  const all = stack.template.Resources ?? {}
  const failed = new Set<string>()
  for (const logicalId of provisioningOrder(all)) {
    const resource = all[logicalId]
    if (!resource) continue
    if (resource.Condition && !scope.condition(resource.Condition)) continue
    if (dependenciesOf(resource).some(dependency => failed.has(dependency))) {
      failed.add(logicalId)
      continue
    }
    try {
      const properties = resolve((resource.Properties ?? {}) as Json, scope)
      const complete = await resolveDynamicReferences(properties, request.readSecret)
      const provisioned = await create(stack, logicalId, resource.Type, complete, request)
      scope.provision(logicalId, provisioned)
      report.resources.push({ stackName: stack.name, logicalId, type: resource.Type, ref: provisioned.ref })
    } catch (error) {
      failed.add(logicalId)
      // The export is missing because its stack failed, which is already reported.
      if (error instanceof MissingExportError && report.problems.length > 0) continue
      report.problems.push(`${stack.name}/${logicalId} (${resource.Type}): ${describe(error)}`)
    }
  }
  return failed.size > 0
}

async function create(
  stack: Stack,
  logicalId: string,
  type: string,
  properties: Json,
  request: ProvisionRequest,
): Promise<ProvisionedResource> {
  const provider = request.providers[type]
  if (!provider) return { ref: physicalName({ stackName: stack.name, logicalId }) }
  return await provider({
    stackName: stack.name,
    logicalId,
    type,
    properties: properties as Record<string, unknown>,
    assemblyDir: request.assemblyDir,
  })
}

function unknownParameters({ stacks, parameters }: ProvisionRequest): string[] {
  const declared = new Set(stacks.flatMap(stack => Object.keys(stack.template.Parameters ?? {})))
  return Object.keys(parameters)
    .filter(name => !declared.has(name))
    .map(name => `no stack declares the parameter ${name}`)
}

function unsupportedTypes({ stacks, providers }: ProvisionRequest): string[] {
  return stacks.flatMap(stack =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, { Type }]) => !Object.hasOwn(providers, Type) && !Object.hasOwn(INERT_TYPES, Type))
      .map(([logicalId, { Type }]) => {
        const message = new UnsupportedError(`the resource type ${Type}`).message
        return `${stack.name}/${logicalId}: ${message}`
      }),
  )
}

function stackOutputs(stack: Stack, scope: StackScope, exports: Map<string, string>): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [key, output] of Object.entries(stack.template.Outputs ?? {})) {
    if (output.Condition && !scope.condition(output.Condition)) continue
    const value = String(resolve(output.Value, scope))
    values[key] = value
    if (!output.Export) continue
    const name = String(resolve(output.Export.Name, scope))
    if (exports.has(name)) throw new ProvisioningError([`${stack.name}/${key}: ${name} is exported twice`])
    exports.set(name, value)
  }
  return values
}

function describe(error: unknown): string {
  if (error instanceof UnsupportedError) return error.message
  if (error instanceof Error) return 'code' in error ? `${error.code}: ${error.message}` : error.message
  return String(error)
}
