import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { catalogueSchema } from '#billing/contract'
import { now } from '#kernel/clock'
import { readConfig, required } from '#kernel/config'
import { createInvoke } from '#kernel/invoke'
import { applyCatalogue } from './plans.ts'

/**
 * `node billing/cli/plans-apply.ts [file]`: applies a price list (default: the catalogue of this folder) to the
 * deployment whose procedures function is named by `BILLING_FUNCTION`.
 */
const env = readConfig(z.object({ BILLING_FUNCTION: required }))
const file = process.argv[2] ?? new URL('../catalogue/catalogue.json', import.meta.url)
const catalogue = z.parse(catalogueSchema, JSON.parse(await readFile(file, 'utf8')))
const { planVersionIds, started } = await applyCatalogue({
  invoke: createInvoke(env.BILLING_FUNCTION),
  catalogue,
  now,
})
console.log(`On sale: ${planVersionIds.join(', ')}. ${started.length} published now.`)
