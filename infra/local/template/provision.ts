import { type ProvisionedResource, physicalName } from '../contract.ts'
import type { TemplateResource } from './assembly.ts'
import { resolveDynamicReferences, type SecretReader } from './dynamic-references.ts'
import { type Json, resolve } from './intrinsics.ts'
import { dependenciesOf } from './order.ts'
import { type Preparation, type PreparedStack, place, prepare } from './prepare.ts'
import { MissingExportError } from './scope.ts'

export type ProvisionRequest = Preparation & {
  readonly assemblyDir: string
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

/** A start that cannot be: every problem on a line of its own, with stack, logical id and type. */
export class ProvisioningError extends Error {
  override readonly name = 'ProvisioningError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The local cloud cannot provision these templates:\n${problems.map(line => `  - ${line}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/**
 * Creates every resource of the stacks in dependency order. What can be known before is reported before anything is
 * created; what providers refuse is collected, skipping what depends on it, and reported at once.
 */
export async function provision(request: ProvisionRequest): Promise<Provisioned> {
  const { prepared, problems } = prepare(request)
  if (problems.length > 0) throw new ProvisioningError(problems)
  const resources: ProvisionedEntry[] = []
  const outputs: Record<string, Record<string, string>> = {}
  for (const stack of prepared) {
    const complete = await provisionStack(stack, request, { problems, resources })
    // Outputs of a stack that is not complete would only repeat its problems.
    if (complete) outputs[stack.stack.name] = stackOutputs(stack, problems)
  }
  if (problems.length > 0) throw new ProvisioningError(problems)
  return { outputs, resources }
}

type Report = { readonly problems: string[]; readonly resources: ProvisionedEntry[] }

async function provisionStack(
  { stack, scope, order }: PreparedStack,
  request: ProvisionRequest,
  { problems, resources }: Report,
): Promise<boolean> {
  const failed = new Set<string>()
  for (const logicalId of order) {
    const resource = stack.template.Resources?.[logicalId]
    if (!resource) continue
    if (dependenciesOf(resource).some(dependency => failed.has(dependency))) {
      failed.add(logicalId)
      continue
    }
    try {
      const resolved = resolve((resource.Properties ?? {}) as Json, scope)
      const properties = await resolveDynamicReferences(resolved, request.readSecret)
      const provisioned = await create(stack.name, logicalId, resource, properties, request)
      scope.provision(logicalId, provisioned)
      resources.push({ stackName: stack.name, logicalId, type: resource.Type, ref: provisioned.ref })
    } catch (error) {
      failed.add(logicalId)
      // The export is missing because its stack failed, which is already reported.
      if (error instanceof MissingExportError && problems.length > 0) continue
      problems.push(`${place(stack, logicalId, resource)}: ${describe(error)}`)
    }
  }
  return failed.size === 0
}

async function create(
  stackName: string,
  logicalId: string,
  { Type: type }: TemplateResource,
  properties: Json,
  { providers, assemblyDir }: ProvisionRequest,
): Promise<ProvisionedResource> {
  const provider = providers[type]
  if (!provider) return { ref: physicalName({ stackName, logicalId }) }
  const given = properties as Record<string, unknown>
  return await provider({ stackName, logicalId, type, properties: given, assemblyDir })
}

function stackOutputs({ stack, scope }: PreparedStack, problems: string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [key, { Value, Export, Condition }] of Object.entries(stack.template.Outputs ?? {})) {
    try {
      if (Condition !== undefined && !scope.condition(Condition)) continue
      values[key] = String(resolve(Value, scope))
      if (Export) scope.exportValue(String(resolve(Export.Name, scope)), values[key])
    } catch (error) {
      problems.push(`${stack.name}, output ${key}: ${describe(error)}`)
    }
  }
  return values
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${error.code}: ${error.message}` : error.message
}
