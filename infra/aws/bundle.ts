import { createHash } from 'node:crypto'
import { access, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Metafile, type Plugin, stop } from 'esbuild'
import * as z from 'zod/mini'
import { FUNCTION_ENTRIES, functionNames } from './functions.ts'
import { FUNCTIONS, type FunctionName } from './names.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** One folder per function, named as the function: the asset that Lambda and the local cloud run. */
export const FUNCTIONS_DIR = `${root}.build/functions`
const inputsFile = join(FUNCTIONS_DIR, 'inputs.json')

/** What decides over the bundles besides the sources. */
const SETTINGS = ['package-lock.json', 'infra/aws/bundle.ts', 'infra/aws/functions.ts', 'infra/aws/names.ts']

/** CommonJS dependencies in an ESM bundle need `require`; Lambda gives none. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

/**
 * Lambda hands a function its credentials in the environment, so the SDK's search for others (profiles, single sign-on,
 * processes, web identities, instance metadata) is left out: with the clients it calls, a seventh of what all bundles weigh.
 */
const credentialsFromEnvironment: Plugin = {
  name: 'credentials-from-environment',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'",
      resolveDir: dirname(path),
    }))
  },
}

/** Function -> source files of ours that its bundle was made from, relative to the repository. */
export type BundleInputs = ReadonlyMap<FunctionName, readonly string[]>

const madeFromSchema = z.object({
  fingerprint: z.string(),
  inputs: z.record(z.string(), z.array(z.string())),
})

/** esbuild's options for Lambda's Node 24: ESM, minified, external source maps. */
export function bundleOptions(names: readonly FunctionName[]): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map(name => [`${FUNCTIONS[name]}/index`, FUNCTION_ENTRIES[name]])),
    outdir: FUNCTIONS_DIR,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    keepNames: true, // error names and classes are contracts of Retry and Catch
    sourcemap: 'linked',
    sourcesContent: false,
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE_BANNER },
    plugins: [credentialsFromEnvironment],
    logLevel: 'warning',
  }
}

/**
 * Bundles every function into `.build/functions`, unless they were made from the same sources (or always, when `fresh`).
 * Answers what each was made from.
 */
export async function bundle({ fresh = false } = {}): Promise<BundleInputs> {
  const made = fresh ? undefined : await readMadeFrom()
  if (made && (await fingerprintOf(made.inputs)) === made.fingerprint && (await areThere(made.inputs))) {
    return made.inputs
  }
  const { metafile } = await build({ ...bundleOptions(functionNames), metafile: true })
  // Its process would keep the parsed sources in memory for as long as ours lives.
  await stop()
  const inputs = inputsOf(metafile)
  const fingerprint = await fingerprintOf(inputs)
  await writeFile(inputsFile, JSON.stringify({ fingerprint, inputs: Object.fromEntries(inputs) }))
  return inputs
}

/** What each function of a build was made from. Packages are left out: the lock file stands for them. */
export function inputsOf(metafile: Metafile): BundleInputs {
  const bundled = Object.values(metafile.outputs).map(output => output.entryPoint)
  const names = functionNames.filter(name => bundled.includes(FUNCTION_ENTRIES[name]))
  return new Map(names.map(name => [name, reachedFrom(FUNCTION_ENTRIES[name], metafile)]))
}

function reachedFrom(entry: string, { inputs }: Metafile): string[] {
  const reached = new Set<string>()
  const queue = [entry]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (reached.has(file) || file.includes('node_modules/')) continue
    reached.add(file)
    queue.push(...(inputs[file]?.imports ?? []).filter(({ external }) => !external).map(({ path }) => path))
  }
  return [...reached].sort()
}

async function readMadeFrom(): Promise<{ fingerprint: string; inputs: BundleInputs } | undefined> {
  const text = await readFile(inputsFile, 'utf8').catch(() => undefined)
  const read = text === undefined ? undefined : z.safeParse(madeFromSchema, JSON.parse(text)).data
  if (read === undefined) return undefined
  const known = functionNames.filter(name => Object.hasOwn(read.inputs, name))
  return { ...read, inputs: new Map(known.map(name => [name, read.inputs[name] ?? []])) }
}

async function fingerprintOf(inputs: BundleInputs): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  const files = new Set([...SETTINGS, ...[...inputs.values()].flat()])
  for (const file of [...files].sort()) {
    const content = await readFile(join(root, file)).catch(() => 'gone')
    hash.update(`\0${file}\0`).update(content)
  }
  return hash.digest('hex')
}

async function areThere(inputs: BundleInputs): Promise<boolean> {
  const files = functionNames.map(name => join(FUNCTIONS_DIR, FUNCTIONS[name], 'index.mjs'))
  if (functionNames.some(name => !inputs.has(name))) return false
  const found = await Promise.allSettled(files.map(file => access(file)))
  return found.every(({ status }) => status === 'fulfilled')
}

if (import.meta.main) await bundle({ fresh: true })
