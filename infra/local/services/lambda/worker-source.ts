import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

let source: URL | undefined

/**
 * The worker's code as one JavaScript module. Left as TypeScript, every worker would load its own compiler: 15 MB and
 * 30 ms per environment.
 */
export function workerSource(): URL {
  if (source) return source
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./worker/worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
  })
  source = new URL(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`,
  )
  return source
}
