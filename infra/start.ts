import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { readFlags, USAGE, UsageError } from './flags.ts'

/** `npm start`: the whole product on this machine, seeded, until Ctrl-C. */
const BUILD_DIR = fileURLToPath(new URL('../.build/', import.meta.url))

// Before anything large is loaded. The functions' workers keep their compiled code there too.
enableCompileCache(`${BUILD_DIR}compile-cache`)

try {
  const flags = readFlags(process.argv.slice(2), process.env)
  if (flags === 'help') console.log(USAGE)
  else await (await import('./run.ts')).run(flags)
} catch (error) {
  if (!(error instanceof UsageError))
    process.exit(await (await import('./report-failure.ts')).reportFailure(error, BUILD_DIR))
  console.error(`${error.message}\n\n${USAGE}`)
  process.exit(1)
}
