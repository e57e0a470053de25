import type { AuditRecord } from '#kernel/audit'
import { formatExactly } from '../../format/time.ts'
import { changedFields, describeAction, describeActor } from './describe.ts'

/** Who did what, when, from what to what, and why. */
export function AuditTable({
  records,
  withAccount,
}: {
  records: readonly AuditRecord[]
  withAccount: boolean
}) {
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Audit records">
      <table>
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            <th scope="col">What</th>
            <th scope="col">Change</th>
            <th scope="col">By</th>
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
  const fields = changedFields(record)
  return (
    <tr>
      <th scope="row" class="nowrap">
        {formatExactly(record.at)}
      </th>
      <td>
        {describeAction(record.action)}
        {record.reason && <div class="fine">“{record.reason}”</div>}
        {withAccount && record.accountId !== null && (
          <div class="fine mono">
            <a href={`/admin/audit?account=${record.accountId}`}>{record.accountId}</a>
          </div>
        )}
      </td>
      <td>
        {fields.length === 0 ? (
          '–'
        ) : (
          <dl class="facts fine">
            {fields.map(({ name, before, after }) => (
              <>
                <dt class="mono">{name}</dt>
                <dd class="mono">{record.before === undefined ? after : `${before} → ${after}`}</dd>
              </>
            ))}
          </dl>
        )}
      </td>
      <td>
        {who}
        {id !== null && <div class="fine mono">{id}</div>}
      </td>
    </tr>
  )
}
