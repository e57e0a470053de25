import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod/mini'
import { fail, ok, type Result } from '#kernel/result'
import { isNew, type Table } from '#kernel/table'
import type { Instant } from '#kernel/time'

const requestSchema = z.object({ terms: z.unknown(), result: z.optional(z.unknown()) })

/**
 * Does what a person asked for once, however often the form is sent: `account#<id>` / `request#<key>` holds the terms
 * from before the work on, and the result from after it. Stripe forgets an idempotency key after a day; this does not.
 * `run` is told whether an earlier run may have got somewhere, so that it looks before it makes. A refusal is forgotten:
 * a later try is free. Failure: `request_conflict` when the key was used with other terms.
 */
export async function requestOnce<S extends z.ZodMiniType>(
  billing: Table,
  request: {
    readonly accountId: string
    readonly key: string
    readonly terms: Readonly<Record<string, string>>
    readonly result: S
    readonly now: Instant
  },
  run: (isRepeated: boolean) => Promise<Result<z.output<S>>>,
): Promise<Result<z.output<S>>> {
  const { terms } = request
  const key = { pk: `account#${request.accountId}`, sk: `request#${request.key}` }
  const isFirst = await billing.put({ ...key, terms, at: request.now }, isNew)
  if (!isFirst) {
    const known = z.parse(requestSchema, (await billing.get(key)) ?? { terms })
    if (!isDeepStrictEqual(known.terms, terms))
      return fail('request_conflict', 'This form was sent before with other values. Open the page again.')
    if (known.result !== undefined) return ok(z.parse(request.result, known.result))
  }
  const outcome = await run(!isFirst)
  if (outcome.ok) await billing.update(key, [{ set: 'result', to: outcome.value }], [{ present: 'pk' }])
  else await billing.remove(key)
  return outcome
}
