import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import * as z from 'zod/mini'
import { type Catalogue, catalogueSchema } from '#billing/contract'
import { now } from '#kernel/clock'
import { readConfig, required } from '#kernel/config'
import { createInvoke } from '#kernel/invoke'
import { describeIssues } from '#kernel/rpc'
import { applyCatalogue, diffWithLive, printDifferences } from './plans.ts'

/**
 * `npm run plans -- diff [file] [--exit-code]`: what differs between a price list (default: the catalogue of this folder)
 * and the deployment whose procedures function is named by `BILLING_FUNCTION`. With `--exit-code` it ends with 1 when
 * anything does, for pipelines.
 * `npm run plans -- apply [file]`: publishes what differs. The same file serves every environment.
 */
const USAGE = 'usage: npm run plans -- diff [file] [--exit-code]   or   npm run plans -- apply [file]'

try {
  process.exitCode = await run(readArguments())
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}

type Arguments = { readonly command: string | undefined; readonly file?: string; readonly exitCode: boolean }

function readArguments(): Arguments {
  try {
    const options = { 'exit-code': { type: 'boolean', default: false } } as const
    const { positionals, values } = parseArgs({ allowPositionals: true, options })
    const [command, file] = positionals
    return { command, ...(file !== undefined && { file }), exitCode: values['exit-code'] }
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

async function run({ command, file, exitCode }: Arguments): Promise<number> {
  if (command !== 'diff' && command !== 'apply') throw new Error(USAGE)
  const catalogue = await readCatalogue(file)
  const env = readConfig(z.object({ BILLING_FUNCTION: z._default(required, 'tollgate-billing') }))
  const to = { invoke: createInvoke(env.BILLING_FUNCTION), catalogue, now }
  const differences = await diffWithLive(to)
  for (const line of printDifferences(differences)) console.log(line)
  if (command === 'apply') {
    const { planVersionIds, started } = await applyCatalogue(to)
    console.log(`On sale: ${planVersionIds.join(', ')}. ${started.length} published now.`)
    return 0
  }
  if (differences.length === 0) console.log('The file and what is live say the same.')
  return exitCode && differences.length > 0 ? 1 : 0
}

/** Names every problem of the file at once. */
async function readCatalogue(file: string | undefined): Promise<Catalogue> {
  const path = file ?? new URL('../catalogue/catalogue.json', import.meta.url)
  const parsed = z.safeParse(catalogueSchema, JSON.parse(await readFile(path, 'utf8')))
  if (parsed.success) return parsed.data
  throw new Error(`The price list is not valid: ${describeIssues(parsed.error)}`)
}
