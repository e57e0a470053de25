import type { billingContract, CloseSummary } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import { CloseBadge } from '../../components/invoice-badges.tsx'
import { Empty, Head } from '../../components/parts.tsx'
import { formatCount } from '../../format/numbers.ts'
import { formatDate, formatPeriod } from '../../format/time.ts'

type Answer = Awaited<ReturnType<Handlers<typeof billingContract>['adminListCloses']>>
type Closes = Extract<Answer, { ok: true }>['value']
/** E-mail addresses by account id. */
type Emails = ReadonlyMap<string, string>

/** Closes of all accounts: what waits for a decision first. */
export function ClosesView({ closes, emails }: { closes: Closes; emails: Emails }) {
  const { held, open, awaited, recent } = closes
  const isEmpty = held.length + open.length + awaited.length + recent.length === 0
  return (
    <div class="stack">
      <Head
        title="Closes"
        lede="Each ended period: its usage measured, reported, compared with Stripe’s invoice, and only then collected."
      />
      {isEmpty && (
        <Empty title="No closes yet">
          <p>When the first paid period ends, its close appears here.</p>
        </Empty>
      )}
      {held.length > 0 && (
        <Table
          title="Held: not collected until you decide"
          closes={held}
          emails={emails}
          note={({ reason }) => reason ?? ''}
        />
      )}
      {open.length > 0 && <Table title="Under way" closes={open} emails={emails} />}
      {awaited.length > 0 && (
        <section class="card stack-m" aria-labelledby="awaited-title">
          <h2 id="awaited-title">Awaiting Stripe’s invoice</h2>
          <ul class="stack-s">
            {awaited.map(({ accountId, end }) => (
              <li>
                <AccountLink accountId={accountId} emails={emails} />
                {`, period ended ${formatDate(end)}`}
              </li>
            ))}
          </ul>
        </section>
      )}
      {recent.length > 0 && <Table title="Closed in the last three months" closes={recent} emails={emails} />}
    </div>
  )
}

function Table({
  title,
  closes,
  emails,
  note,
}: {
  title: string
  closes: readonly CloseSummary[]
  emails: Emails
  note?: (close: CloseSummary) => string
}) {
  return (
    <section class="card flush" aria-label={title}>
      <div class="head">
        <h2>{title}</h2>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Period (UTC)</th>
              <th scope="col">State</th>
              <th scope="col" class="num">
                Invoiced units
              </th>
              <th scope="col">Account</th>
            </tr>
          </thead>
          <tbody>
            {closes.map(close => (
              <tr>
                <th scope="row">
                  <a href={`/admin/closes/${close.accountId}/${close.invoiceId}`}>
                    {formatPeriod(close.period)}
                  </a>
                  {note && <div class="fine">{note(close)}</div>}
                </th>
                <td>
                  <CloseBadge close={close.close} />
                </td>
                <td class="num">{close.invoicedUnits === null ? '–' : formatCount(close.invoicedUnits)}</td>
                <td>
                  <AccountLink accountId={close.accountId} emails={emails} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

const AccountLink = ({ accountId, emails }: { accountId: string; emails: Emails }) => (
  <a href={`/admin/accounts/${accountId}`}>{emails.get(accountId) ?? accountId}</a>
)
