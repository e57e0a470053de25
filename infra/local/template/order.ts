import type { TemplateResource } from './assembly.ts'
import { type Json, references } from './intrinsics.ts'

/**
 * Names of resources, each after what it refers to and depends on; otherwise in the template's order.
 * Throws on a circle, naming it, as CloudFormation does.
 */
export function provisioningOrder(resources: Readonly<Record<string, TemplateResource>>): string[] {
  const ordered: string[] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (logicalId: string) => {
    if (done.has(logicalId)) return
    if (path.includes(logicalId)) {
      throw new Error(`Circular dependency between resources: [${[...path, logicalId].join(', ')}]`)
    }
    path.push(logicalId)
    for (const dependency of dependenciesOf(resources[logicalId])) {
      if (resources[dependency]) visit(dependency)
    }
    path.pop()
    done.add(logicalId)
    ordered.push(logicalId)
  }
  for (const logicalId of Object.keys(resources)) visit(logicalId)
  return ordered
}

/** What a resource names by reference or `DependsOn`, parameters included. */
export function dependenciesOf(resource: TemplateResource | undefined): string[] {
  if (!resource) return []
  const named = typeof resource.DependsOn === 'string' ? [resource.DependsOn] : (resource.DependsOn ?? [])
  return [...references((resource.Properties ?? {}) as Json), ...named]
}
