import { REPAIRS, type Repair } from '#billing/contract'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin, asCustomer } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { failedPage, notFoundPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { CloseView, ConfirmRepair } from './admin-close.tsx'
import { ClosesView } from './admin-list.tsx'
import { ExplainView } from './explain.tsx'
import { FilesView } from './files.tsx'

/** Stripe's and our ids; anything else is not asked for. */
const INVOICE_ID = /^in_[A-Za-z0-9_]{1,60}$/
const ACCOUNT_ID = /^acct_[0-9A-Za-z]{22}$/

/** An invoice explained down to its requests, its files, and the closes of all accounts for admins. */
export const closePages: Pages = (app, ports) => {
  app.get('/billing/:invoiceId/explain', c => explainPage(c, ports, c.req.param('invoiceId')))
  app.get('/billing/:invoiceId/files', c => filesPage(c, ports, c.req.param('invoiceId')))
  app.get('/admin/closes', async c => {
    const listed = await ports.billing.adminListCloses({}, asAdmin(c, ports, signedIn(c)))
    const title = 'Closes'
    return listed.ok ? page(c, { title }, <ClosesView closes={listed.value} />) : failedPage(c, title, listed)
  })
  app.get('/admin/closes/:accountId/:invoiceId', async c => {
    const { accountId, invoiceId } = c.req.param()
    if (!ACCOUNT_ID.test(accountId) || !INVOICE_ID.test(invoiceId)) return notFoundPage(c)
    const found = await ports.billing.adminGetClose({ accountId, invoiceId }, asAdmin(c, ports, signedIn(c)))
    const title = 'Close'
    if (!found.ok) return failedPage(c, title, found)
    const done = REPAIRS.find(repair => repair === c.req.query('done'))
    return page(c, { title }, <CloseView close={found.value} token={c.get('formToken')()} done={done} />)
  })
  app.post('/admin/closes/:accountId/:invoiceId/:repair', c => {
    const { accountId, invoiceId, repair } = c.req.param()
    const known = REPAIRS.find(one => one === repair)
    if (!known || !ACCOUNT_ID.test(accountId) || !INVOICE_ID.test(invoiceId)) return notFoundPage(c)
    return repairPage(c, ports, { accountId, invoiceId }, known)
  })
}

async function explainPage(c: AppContext, ports: PagePorts, invoiceId: string) {
  const user = signedIn(c)
  if (!INVOICE_ID.test(invoiceId)) return notFoundPage(c)
  const { line, day, key, route, cursor } = c.req.query()
  const place = { line, day, key, route }
  const input = {
    ...{ accountId: user.accountId, invoiceId },
    ...(line && /^\d{1,3}$/.test(line) ? { lineIndex: Number(line) } : {}),
    ...(day ? { day } : {}),
    ...(key ? { keyId: key } : {}),
    ...(route ? { route } : {}),
    ...(cursor ? { cursor } : {}),
  }
  const call = asCustomer(c, ports, user)
  const [explained, keys] = await Promise.all([
    ports.billing.explainInvoice(input, call),
    ports.access.listKeys({ accountId: user.accountId }, call),
  ])
  const title = 'Explain'
  if (!explained.ok) return failedPage(c, title, explained)
  const keyNames = new Map(keys.ok ? keys.value.keys.map(({ keyId, name }) => [keyId, name]) : [])
  return page(c, { title }, <ExplainView {...{ invoiceId, place, keyNames }} explained={explained.value} />)
}

async function filesPage(c: AppContext, ports: PagePorts, invoiceId: string) {
  const user = signedIn(c)
  if (!INVOICE_ID.test(invoiceId)) return notFoundPage(c)
  const { accountId } = user
  const files = await ports.billing.getProofFiles({ accountId, invoiceId }, asCustomer(c, ports, user))
  const title = 'Proof'
  return files.ok
    ? page(c, { title }, <FilesView invoiceId={invoiceId} files={files.value} />)
    : failedPage(c, title, files)
}

const ASK = {
  retry: 'adminRetryClose',
  credit: 'adminCreditClose',
  accept: 'adminAcceptClose',
  waive: 'adminWaiveClose',
} as const

/** First post: the preview. Second one, with the plan that was shown and a reason: the decision. */
async function repairPage(
  c: AppContext,
  ports: PagePorts,
  of: { readonly accountId: string; readonly invoiceId: string },
  repair: Repair,
) {
  const path = `/admin/closes/${of.accountId}/${of.invoiceId}`
  const { plan, reason, units } = await formFields(c, 'plan', 'reason', 'units')
  const call = asAdmin(c, ports, signedIn(c))
  const ask = ports.billing[ASK[repair]]
  const input = { ...of, ...(/^[1-9]\d{0,14}$/.test(units) ? { units: Number(units) } : {}) }
  const isConfirmed = plan !== '' && reason.length >= 3
  const answer = await ask({ ...input, ...(isConfirmed ? { planId: plan, reason } : {}) }, call)
  const title = 'Close'
  if (!answer.ok) return failedPage(c, title, answer)
  if (answer.value.applied) return c.redirect(`${path}?done=${repair}`, 303)
  const error = plan === '' ? undefined : 'Say why, in at least three characters.'
  const shown = { path, plan: answer.value.plan, token: c.get('formToken')(), units, error }
  return page(c, { title, status: error ? 422 : 200 }, <ConfirmRepair {...shown} />)
}
