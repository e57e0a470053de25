import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Every TypeScript file that git knows or would add, relative to the root. */
export const sourceFiles = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter(file => file !== '' && existsSync(join(ROOT, file)))

export const readSource = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

export type Import = {
  readonly from: string
  readonly specifier: string
  /** A file of ours relative to the root, or the package's name. */
  readonly target: string
  readonly ours: boolean
  readonly typeOnly: boolean
}

const DOORS = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).imports as Record<string, string>

/** All imports of a file: static, type-only, re-exports, dynamic with a literal. */
export function importsOf(file: string): Import[] {
  const { module } = parseSync(file, readSource(file))
  const imports = module.staticImports.map(entry => ({
    specifier: entry.moduleRequest.value,
    typeOnly: entry.entries.length > 0 && entry.entries.every(name => name.isType),
  }))
  const exports = module.staticExports
    .flatMap(statement => statement.entries)
    .flatMap(entry =>
      entry.moduleRequest ? [{ specifier: entry.moduleRequest.value, typeOnly: entry.isType }] : [],
    )
  const source = readSource(file)
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const literal = /^['"](.*)['"]$/.exec(source.slice(moduleRequest.start, moduleRequest.end))
    return literal?.[1] ? [{ specifier: literal[1], typeOnly: false }] : []
  })
  return [...imports, ...exports, ...dynamic].map(({ specifier, typeOnly }) => ({
    from: file,
    specifier,
    typeOnly,
    ...resolve(file, specifier),
  }))
}

function resolve(file: string, specifier: string): { target: string; ours: boolean } {
  if (specifier.startsWith('.'))
    return { target: relative(ROOT, join(ROOT, dirname(file), specifier)), ours: true }
  if (specifier.startsWith('#')) return { target: throughDoor(specifier), ours: true }
  const [scope = '', name = ''] = specifier.split('/')
  return { target: specifier.startsWith('@') ? `${scope}/${name}` : scope, ours: false }
}

function throughDoor(specifier: string): string {
  for (const [door, path] of Object.entries(DOORS)) {
    if (door === specifier) return path.replace('./', '')
    const prefix = door.replace('*', '')
    if (door.endsWith('*') && specifier.startsWith(prefix))
      return path.replace('./', '').replace('*', specifier.slice(prefix.length))
  }
  throw new Error(`package.json has no door for ${specifier}`)
}
