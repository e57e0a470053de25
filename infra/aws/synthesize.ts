import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ASSEMBLY_DIR } from './assembly.ts'
import { pruneAssets, pruneOld } from './prune-assets.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const fingerprintFile = join(ASSEMBLY_DIR, 'inputs.sha256')

/** Everything that templates and assets are made from. */
const INPUTS = [
  'package-lock.json',
  'infra/aws/**/*.ts',
  '{api,billing,portal}/contract/*.ts',
  '.build/functions/*/index.mjs',
]

/**
 * Synthesizes templates and assets into `ASSEMBLY_DIR`, CDK in a process of its own to give its memory back. Does
 * nothing when they were made from the same inputs, unless `fresh`.
 */
export async function synthesize({ fresh = false } = {}): Promise<void> {
  const fingerprint = await fingerprintOfInputs()
  const made = await readFile(fingerprintFile, 'utf8').catch(() => undefined)
  if (made === fingerprint && !fresh) return
  await run(process.execPath, [join(root, 'infra/aws/app.ts')])
  await pruneAssets(ASSEMBLY_DIR)
  // Compiled code and reloaded functions are kept under names of the code they were made from.
  await pruneOld([getCompileCacheDir(), join(root, '.build/reloaded')].filter(dir => dir !== undefined))
  await writeFile(fingerprintFile, fingerprint)
}

async function fingerprintOfInputs(): Promise<string> {
  const files = (await Array.fromAsync(glob(INPUTS, { cwd: root }))).sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(root, file)))
  return hash.digest('hex')
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    child.on('error', reject)
    child.on('exit', code =>
      code === 0 ? resolve() : reject(new Error(`${args.join(' ')} failed:\n${errors}`)),
    )
  })
}
