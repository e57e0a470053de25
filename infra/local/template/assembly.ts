import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from './intrinsics.ts'

export type TemplateResource = {
  readonly Type: string
  readonly Properties?: { readonly [key: string]: Json }
  readonly DependsOn?: string | readonly string[]
  readonly Condition?: string
}

export type TemplateParameter = {
  readonly Type: string
  readonly Default?: string | number
  readonly AllowedValues?: readonly (string | number)[]
  readonly AllowedPattern?: string
  readonly MinLength?: string | number
  readonly MaxLength?: string | number
  readonly MinValue?: string | number
  readonly MaxValue?: string | number
}

export type Template = {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>
  readonly Mappings?: {
    readonly [name: string]: { readonly [first: string]: { readonly [second: string]: Json } }
  }
  readonly Conditions?: Readonly<Record<string, Json>>
  readonly Resources?: Readonly<Record<string, TemplateResource>>
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>
}

export type TemplateOutput = {
  readonly Value: Json
  readonly Export?: { readonly Name: Json }
  readonly Condition?: string
}

export type Stack = { readonly artifactId: string; readonly name: string; readonly template: Template }

type Artifact = {
  readonly type: string
  readonly dependencies?: readonly string[]
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string }
}

/** Reads the stacks of a cloud assembly, each after the stacks it depends on. */
export function loadAssembly(assemblyDir: string): Stack[] {
  const manifest = readJson(join(assemblyDir, 'manifest.json')) as {
    artifacts?: Record<string, Artifact>
  }
  const artifacts = manifest.artifacts ?? {}
  const ordered: Stack[] = []
  const visited = new Set<string>()
  const visit = (artifactId: string) => {
    const artifact = artifacts[artifactId]
    if (!artifact || visited.has(artifactId)) return
    visited.add(artifactId)
    for (const dependency of artifact.dependencies ?? []) visit(dependency)
    if (artifact.type !== 'aws:cloudformation:stack') return
    const file = artifact.properties?.templateFile
    if (!file) throw new Error(`${assemblyDir}/manifest.json: stack ${artifactId} names no template file`)
    const name = artifact.properties?.stackName ?? artifactId
    ordered.push({ artifactId, name, template: readJson(join(assemblyDir, file)) as Template })
  }
  for (const artifactId of Object.keys(artifacts)) visit(artifactId)
  if (ordered.length === 0) throw new Error(`${assemblyDir}/manifest.json has no stacks`)
  return ordered
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`The cloud assembly cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}
