import { writeProof } from '../../proof/write-proof.ts'
import type { ClosePorts, CloseState } from './state.ts'

/**
 * Writes the proof files, after the invoice is collected and recorded: `proving` while there is more to write, then
 * `proved`. Whatever fails here is left to the sweep.
 */
export async function proveInvoice(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  const isDone = await writeProof(ports, state)
  return { ...state, outcome: isDone ? 'proved' : 'proving' }
}
