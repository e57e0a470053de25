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

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'exit-code': { type: 'boolean', default: false } },
})
const [command = 'apply', file] = positionals
const env = readConfig(z.object({ BILLING_FUNCTION: z._default(required, 'tollgate-billing') }))
const invoke = createInvoke(env.BILLING_FUNCTION)

if (command === 'diff') {
  const differences = await diffWithLive({ invoke, catalogue: await readCatalogue(), now })
  for (const line of printDifferences(differences)) console.log(line)
  if (differences.length === 0) console.log('The file and what is live say the same.')
  else if (values['exit-code']) process.exitCode = 1
} else if (command === 'apply') {
  const catalogue = await readCatalogue()
  for (const line of printDifferences(await diffWithLive({ invoke, catalogue, now }))) console.log(line)
  const { planVersionIds, started } = await applyCatalogue({ invoke, catalogue, now })
  console.log(`On sale: ${planVersionIds.join(', ')}. ${started.length} published now.`)
} else {
  console.error(USAGE)
  process.exitCode = 2
}

/** Names every problem of the file at once. */
async function readCatalogue(): Promise<Catalogue> {
  const path = file ?? new URL('../catalogue/catalogue.json', import.meta.url)
  const parsed = z.safeParse(catalogueSchema, JSON.parse(await readFile(path, 'utf8')))
  if (parsed.success) return parsed.data
  throw new Error(`the price list is not valid: ${describeIssues(parsed.error)}`)
}
