import type { AccountRow } from '#billing/contract'
import { accountIdOf } from '#kernel/ids'
import type { Tone } from '../../components/form.tsx'
import { Badge, Empty, Head } from '../../components/parts.tsx'
import { formatDate } from '../../format/time.ts'
import { asAdmin } from '../../http/call.ts'
import { normalizeEmail } from '../../http/form-fields.ts'
import { failedPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'

const ACCOUNT_ID = /^acct_[0-9A-Za-z]{22}$/

/** Accounts by id; found by account id or by the whole e-mail address. */
export const accountsPage: Pages = (app, ports) => {
  app.get('/admin/accounts', async c => {
    const { q = '', show, after } = c.req.query()
    const search = q.trim()
    const found = search === '' ? null : await findAccount(ports, search)
    if (found) return c.redirect(`/admin/accounts/${found}`, 303)
    const onlyProblems = show === 'problems'
    const listed = await ports.billing.adminListAccounts(
      { problems: onlyProblems, ...(after && ACCOUNT_ID.test(after) && { after }) },
      asAdmin(c, ports, signedIn(c)),
    )
    const title = 'Accounts'
    if (!listed.ok) return failedPage(c, title, listed)
    const { accounts, next } = listed.value
    const people = await Promise.all(accounts.map(({ accountId }) => ports.accounts.get(accountId)))
    return page(
      c,
      { title },
      <div class="stack">
        <Head title={title} lede="Everybody who signed up, with plan and payments." />
        <Search search={search} onlyProblems={onlyProblems} />
        {accounts.length === 0 ? (
          <Empty title={onlyProblems ? 'No problems' : 'No accounts'}>
            <p>
              {onlyProblems
                ? 'Nobody has an unpaid invoice or is suspended.'
                : 'Accounts appear here when somebody signs up.'}
            </p>
          </Empty>
        ) : (
          <Table accounts={accounts} emails={people.map(person => person?.email ?? '')} />
        )}
        {next && (
          <p>
            <a class="button" href={`/admin/accounts?after=${next}${onlyProblems ? '&show=problems' : ''}`}>
              Further accounts
            </a>
          </p>
        )}
      </div>,
    )
  })
}

/** Null: neither an account's id nor the address of one. */
async function findAccount({ accounts }: PagePorts, search: string): Promise<string | null> {
  if (ACCOUNT_ID.test(search)) return (await accounts.get(search)) ? search : null
  const signUp = await accounts.findSignUp(normalizeEmail(search))
  const accountId = signUp && accountIdOf(signUp.userId)
  return accountId && (await accounts.get(accountId)) ? accountId : null
}

function Search({ search, onlyProblems }: { search: string; onlyProblems: boolean }) {
  return (
    <>
      <form method="get" action="/admin/accounts" class="inline-form">
        <div class="field">
          <label for="q">E-mail or account id</label>
          <input id="q" name="q" type="search" value={search} maxlength={200} />
          {search !== '' && <p class="error">Nobody has signed up with this.</p>}
        </div>
        <button type="submit">Find</button>
      </form>
      <p class="row">
        {onlyProblems ? (
          <a class="button small" href="/admin/accounts">
            All accounts
          </a>
        ) : (
          <a class="button small" href="/admin/accounts?show=problems">
            Only with problems
          </a>
        )}
      </p>
    </>
  )
}

const PAYMENTS: Readonly<Record<AccountRow['payment'], readonly [string, Tone | undefined]>> = {
  none: ['Nothing bought', undefined],
  good: ['Good', 'good'],
  past_due: ['Payment failing', 'warn'],
  unpaid: ['Unpaid', 'bad'],
}

/** How an account stands: its payments and what blocks it. */
export function Standing({ row }: { row: AccountRow }) {
  const [name, tone] = PAYMENTS[row.payment]
  return (
    <span class="row">
      <Badge tone={tone}>{name}</Badge>
      {row.blocks.map(block => (
        <Badge tone="bad">
          {block === 'unpaid' ? 'Blocked' : block === 'suspended' ? 'Suspended' : 'Closed'}
        </Badge>
      ))}
    </span>
  )
}

function Table({ accounts, emails }: { accounts: readonly AccountRow[]; emails: readonly string[] }) {
  return (
    <section class="card flush scroll" tabindex={0} aria-label="Accounts">
      <table>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">Plan</th>
            <th scope="col">Payments</th>
            <th scope="col" class="optional">
              Since
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((row, i) => (
            <tr>
              <th scope="row">
                <a href={`/admin/accounts/${row.accountId}`}>{emails[i] || row.accountId}</a>
                <div class="fine mono">{row.accountId}</div>
              </th>
              <td>{row.planName}</td>
              <td>
                <Standing row={row} />
              </td>
              <td class="nowrap fine optional">{formatDate(row.openedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
