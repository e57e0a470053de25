import { type AuditRecord, cursorOf } from '#kernel/audit'
import { accountIdSchema } from '#kernel/schemas'
import { Empty, Head } from '../../components/parts.tsx'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin, asCustomer } from '../../http/call.ts'
import { failedPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { AuditTable } from './audit-table.tsx'
import { PAGE_SIZE, readTrail } from './read-trail.ts'

/** The audit trail: of one's own account, and for admins of any account or of the whole deployment. */
export const auditPages: Pages = (app, ports) => {
  app.get('/settings/activity', async c => {
    const user = signedIn(c)
    const found = await readTrail(ports, queryOf(c, user.accountId), asCustomer(c, ports, user))
    const title = 'Activity'
    if (!found.ok) return failedPage(c, title, found)
    return page(
      c,
      { title },
      <div class="stack">
        <Head
          title={title}
          lede="What was done to this account, by whom and why. Nothing here can be changed."
        />
        <Trail records={found.value} path="/settings/activity" params={{}} withAccount={false} />
      </div>,
    )
  })

  app.get('/admin/audit', async c => {
    const asked = c.req.query('account')?.trim() ?? ''
    const accountId = asked === '' ? null : asked
    const title = 'Audit trail'
    const isValid = accountId === null || accountIdSchema.safeParse(accountId).success
    const found = isValid ? await readAsAdmin(c, ports, accountId) : undefined
    if (found && !found.ok) return failedPage(c, title, found)
    return page(
      c,
      { title },
      <div class="stack">
        <Head
          title={title}
          lede="What people did to money and access, newest first. With an account, also what the services did to it."
        />
        <form method="get" action="/admin/audit" class="row filters">
          <label>
            <span class="fine">Account</span>
            <input name="account" value={asked} placeholder="acct_…" autocomplete="off" spellcheck={false} />
          </label>
          <button type="submit">Show</button>
        </form>
        {found ? (
          <Trail
            records={found.value}
            path="/admin/audit"
            params={accountId === null ? {} : { account: accountId }}
            withAccount={accountId === null}
          />
        ) : (
          <Empty title="This is no account id">
            <p>
              An account id is <code>acct_</code> and 22 letters and digits. It stands on the account's page.
            </p>
          </Empty>
        )}
      </div>,
    )
  })
}

const readAsAdmin = (c: AppContext, ports: PagePorts, accountId: string | null) =>
  readTrail(ports, queryOf(c, accountId), asAdmin(c, ports, signedIn(c)))

function queryOf(c: AppContext, accountId: string | null) {
  const before = c.req.query('before')
  return { accountId, ...(before ? { before } : {}) }
}

function Trail({
  records,
  path,
  params,
  withAccount,
}: {
  records: readonly AuditRecord[]
  path: string
  params: Readonly<Record<string, string>>
  withAccount: boolean
}) {
  const last = records.length === PAGE_SIZE ? records.at(-1) : undefined
  if (records.length === 0)
    return (
      <Empty title="Nothing recorded">
        <p>Keys, plans, caps, credits and repairs appear here as they are changed.</p>
      </Empty>
    )
  return (
    <>
      <AuditTable records={records} withAccount={withAccount} />
      {last && (
        <p>
          <a class="button" href={`${path}?${new URLSearchParams({ ...params, before: cursorOf(last) })}`}>
            Older
          </a>
        </p>
      )}
    </>
  )
}
