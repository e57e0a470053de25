import * as z from 'zod/mini'
import { accountIdSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'

/** Recorded closes whose proof files are not written yet: `proof-due` / `<invoice>`. */
const dueSchema = z.object({ accountId: accountIdSchema, invoiceId: z.string() })
export type ProofDue = z.output<typeof dueSchema>

const PARTITION = 'proof-due'

/** Before the close is recorded, so that nothing is forgotten. */
export async function markProofDue(billing: Table, { accountId, invoiceId }: ProofDue): Promise<void> {
  await billing.put({ accountId, invoiceId, pk: PARTITION, sk: invoiceId })
}

export async function listProofDue(billing: Table): Promise<ProofDue[]> {
  return (await billing.query({ pk: PARTITION })).map(item => z.parse(dueSchema, item))
}

export async function clearProofDue(billing: Table, { invoiceId }: ProofDue): Promise<void> {
  await billing.remove({ pk: PARTITION, sk: invoiceId })
}
