import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const folder = fileURLToPath(new URL('./worker/', import.meta.url))
const buildFolder = fileURLToPath(new URL('../../../../.build/lambda-runtime/', import.meta.url))
let file: string | undefined

/**
 * The worker's code as one JavaScript file. Left as TypeScript, every worker would load its own compiler: 15 MB and
 * 30 ms per environment. A file and not a `data:` URL, which would stand in every stack trace.
 */
export function workerFile(): string {
  if (file === undefined || !existsSync(file)) file = build()
  return file
}

function build(): string {
  const made = join(buildFolder, `${fingerprint()}.mjs`)
  if (existsSync(made)) return made
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, 'worker.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  })
  // Another start may write the same file at this moment.
  const draft = `${made}.${process.pid}`
  mkdirSync(buildFolder, { recursive: true })
  writeFileSync(draft, outputFiles[0]?.contents ?? '')
  renameSync(draft, made)
  return made
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort())
    hash.update(`${name}\0`).update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 16)
}
