import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ServiceError, UnsupportedError } from '../../contract.ts'
import type { FunctionState } from './functions.ts'

type AssetManifest = {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source?: { readonly path?: string; readonly packaging?: string }
        readonly destinations?: Readonly<Record<string, { readonly objectKey?: string }>>
      }
    >
  >
}

/**
 * Folder of the code that a function's `Code.S3Key` names, found through the stacks' `*.assets.json`. The folder is used
 * as it is; nothing is zipped.
 */
export function assetFolder(assemblyDir: string, objectKey: string): string {
  for (const name of readdirSync(assemblyDir).filter(file => file.endsWith('.assets.json'))) {
    const manifest = JSON.parse(readFileSync(join(assemblyDir, name), 'utf8')) as AssetManifest
    for (const { source, destinations } of Object.values(manifest.files ?? {})) {
      const keys = Object.values(destinations ?? {}).map(destination => destination.objectKey)
      if (!keys.includes(objectKey) || !source?.path) continue
      const folder = join(assemblyDir, source.path)
      if (statSync(folder).isDirectory()) return folder
      throw new UnsupportedError(`function code in an archive (${source.path})`)
    }
  }
  throw new ServiceError(
    'InvalidParameterValueException',
    `No asset of ${assemblyDir} has the key ${objectKey}`,
  )
}

/** File and export of `index.handler`, with the endings that Lambda's Node runtime tries. */
export function handlerFile(fn: Pick<FunctionState, 'handler' | 'codeDir'>): {
  file: string
  exportName: string
} {
  const dot = fn.handler.lastIndexOf('.')
  const [module, exportName] = [fn.handler.slice(0, dot), fn.handler.slice(dot + 1)]
  const candidates = ['.mjs', '.js', '.cjs'].map(ending => join(fn.codeDir, module + ending))
  return { file: candidates.find(existsSync) ?? join(fn.codeDir, `${module}.mjs`), exportName }
}
