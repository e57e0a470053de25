import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { FUNCTION_ENTRIES } from './functions.ts'
import { FUNCTIONS, type FunctionName } from './names.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** One folder per function, named as the function: the asset that Lambda and the local cloud run. */
export const FUNCTIONS_DIR = `${root}.build/functions`

/** CommonJS dependencies in an ESM bundle need `require`; Lambda gives none. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

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
    logLevel: 'warning',
  }
}

/** Bundles every function into `.build/functions`. */
export const bundle = () => build(bundleOptions(Object.keys(FUNCTION_ENTRIES) as FunctionName[]))

if (import.meta.main) await bundle()
