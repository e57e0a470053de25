import type { AuditRecord } from '#kernel/audit'
import { formatExactly } from '../../format/time.ts'
import { type ChangedField, changedFields, describeAction, describeActor } from './describe.ts'

/** Who did what, when, from what to what, and why. */
export function AuditTable({
  records,
  withAccount,
}: {
  records: readonly AuditRecord[]
  withAccount: boolean
}) {
  return (
    <section class="card flush scroll audit" tabindex={0} aria-label="Audit records">
      <table>
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">What</th>
            <th scope="col" class="optional">
              By
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map(record => (
            <Row record={record} withAccount={withAccount} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Row({ record, withAccount }: { record: AuditRecord; withAccount: boolean }) {
  const { who, id } = describeActor(record)
  return (
    <tr>
      <th scope="row">{formatExactly(record.at)}</th>
      <td>
        <strong>{describeAction(record.action)}</strong>
        <span class="fine phone-only">by {who}</span>
        {record.reason && <div>“{record.reason}”</div>}
        {changedFields(record).map(field => (
          <div class="fine">{describeField(field)}</div>
        ))}
        {withAccount && record.accountId !== null && (
          <div class="fine mono">
            <a href={`/admin/accounts/${record.accountId}`}>{record.accountId}</a>
          </div>
        )}
      </td>
      <td class="optional">
        {who}
        {id !== null && <div class="fine mono">{id}</div>}
      </td>
    </tr>
  )
}

function describeField({ name, before, after }: ChangedField): string {
  if (before === undefined) return `${name}: ${after}`
  return after === undefined ? `${name}: none any more (was ${before})` : `${name}: ${after} (was ${before})`
}
