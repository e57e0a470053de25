import { type AuditQuery, type AuditRecord, cursorOf } from '#kernel/audit'
import { ok, type Result } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import type { PortalDeps } from '../../deps.ts'

export const PAGE_SIZE = 50

/** One page of the trails of access and billing, merged, newest first: each service has its own. */
export async function readTrail(
  { access, billing }: Pick<PortalDeps, 'access' | 'billing'>,
  query: Omit<AuditQuery, 'limit'>,
  call: Call,
): Promise<Result<readonly AuditRecord[]>> {
  const asked = { ...query, limit: PAGE_SIZE }
  const trails = await Promise.all([access.listAudit(asked, call), billing.listAudit(asked, call)])
  const records: AuditRecord[] = []
  for (const trail of trails) {
    if (!trail.ok) return trail
    records.push(...trail.value.records)
  }
  return ok(records.sort((a, b) => (cursorOf(a) < cursorOf(b) ? 1 : -1)).slice(0, PAGE_SIZE))
}
