import * as z from 'zod/mini'
import type { World } from '../world/world.ts'
import { demand } from './violation.ts'

/** No execution is stuck, no work is left behind by a failed one, no letter is dead, everything is on sale. */
export async function checkWork({ product, catalogue }: World): Promise<void> {
  const { service } = product.machines
  const executions = service.executions()
  const { invoices } = product.stripe.engine.state
  /** Collecting goes on for weeks while an invoice is open. */
  const collects = (name: string) => {
    const invoiceId = /^collect-payment-(in_\w+)-\d+$/.exec(name)?.[1] ?? ''
    return invoices.get(invoiceId)?.status === 'open'
  }
  /** A migration waits for the renewal of each customer. */
  const migrations = (await product.tables.billing.quiet.scan('migration-due#')).map(({ pk }) => String(pk))
  const migrates = (name: string) =>
    migrations.some(pk => name.startsWith(`migrate-plan-${pk.slice('migration-due#'.length)}-`))
  for (const { name, status } of executions)
    demand(
      status !== 'RUNNING' || collects(name) || migrates(name),
      () => `the execution ${name} runs for ever`,
    )
  const left = await product.tables.billing.quiet.scan('work#')
  for (const item of left.map(item => z.parse(workSchema, item))) {
    const owner = executions.find(({ name }) => name === item.owner)
    // Step Functions forgets an execution after 90 days.
    if (!owner && item.since < product.clock.now() - 89 * 86_400_000) continue
    demand(item.state !== 'held', () => `${item.pk} is held: ${reasonOf(product, owner?.arn)}`)
    demand(
      item.state === 'checkout_open' ||
        owner?.status === 'SUCCEEDED' ||
        collects(item.owner ?? '') ||
        migrates(item.owner ?? ''),
      () =>
        `${item.pk} is ${item.state} by ${item.owner}, which ${owner?.status}: ${reasonOf(product, owner?.arn)}`,
    )
  }
  const dead = product.functions.deadLetters().map(one => `${one.functionName}: ${one.error}`)
  demand(dead.length === 0, () => `dead letters: ${dead.join('; ')}`)
  const live = await product.tables.billing.quiet.query({ pk: 'plans-live' })
  demand(live.length === catalogue.plans.length, () => `${live.length} plans are on sale`)
}

const workSchema = z.object({
  pk: z.string(),
  state: z.string(),
  owner: z.nullable(z.string()),
  since: z.int(),
})

function reasonOf({ machines }: World['product'], arn: string | undefined): string {
  const execution = arn === undefined ? undefined : machines.service.execution(arn)
  return execution ? `${execution.error} ${execution.cause}`.slice(0, 500) : 'not started'
}
