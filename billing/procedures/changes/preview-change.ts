import type { changeProcedures } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { type LoadChangePorts, loadChange } from '../../changes/load-change.ts'
import { previewOf } from '../../changes/preview.ts'

/** What a change would do, and why it cannot be made where it cannot. Changes nothing. */
export const previewChange =
  (ports: LoadChangePorts): Handlers<typeof changeProcedures>['previewChange'] =>
  async (input, call) => {
    const loaded = await loadChange(ports, input, call)
    return loaded.ok ? ok(previewOf(loaded.value)) : loaded
  }
