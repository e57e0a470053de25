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
    if (!listed.ok) return failedPage(c, title, listed)
    const { held, open, awaited, recent } = listed.value
    const accountIds = new Set([...held, ...open, ...awaited, ...recent].map(({ accountId }) => accountId))
    const people = await Promise.all([...accountIds].map(accountId => ports.accounts.get(accountId)))
    const emails = new Map(people.flatMap(person => (person ? [[person.accountId, person.email]] : [])))
    return page(c, { title }, <ClosesView closes={listed.value} emails={emails} />)
  })
  app.get('/admin/closes/:accountId/:invoiceId', async c => {
    const { accountId, invoiceId } = c.req.param()
    if (!ACCOUNT_ID.test(accountId) || !INVOICE_ID.test(invoiceId)) return notFoundPage(c)
    return closePage(c, ports, { accountId, invoiceId })
  })
  app.post('/admin/closes/:accountId/:invoiceId/:repair', c => {
    const { accountId, invoiceId, repair } = c.req.param()
    const known = REPAIRS.find(one => one === repair)
    if (!known || !ACCOUNT_ID.test(accountId) || !INVOICE_ID.test(invoiceId)) return notFoundPage(c)
    return repairPage(c, ports, { accountId, invoiceId }, known)
  })
}

type OfClose = { readonly accountId: string; readonly invoiceId: string }

/** One close; `refusal` says why what was asked for it did not happen. */
async function closePage(c: AppContext, ports: PagePorts, of: OfClose, refusal?: string) {
  const call = asAdmin(c, ports, signedIn(c))
  const [found, person] = await Promise.all([
    ports.billing.adminGetClose(of, call),
    ports.accounts.get(of.accountId),
  ])
  const title = 'Close'
  if (!found.ok) return failedPage(c, title, found)
  const done = refusal ? undefined : REPAIRS.find(repair => repair === c.req.query('done'))
  const shown = { close: found.value, email: person?.email, token: c.get('formToken')(), done, refusal }
  return page(c, { title, status: refusal ? 409 : 200 }, <CloseView {...shown} />)
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
  const title = 'Explain this invoice'
  if (!explained.ok) return failedPage(c, title, explained)
  const keyNames = new Map(keys.ok ? keys.value.keys.map(({ keyId, name }) => [keyId, name]) : [])
  return page(c, { title }, <ExplainView {...{ invoiceId, place, keyNames }} explained={explained.value} />)
}

async function filesPage(c: AppContext, ports: PagePorts, invoiceId: string) {
  const user = signedIn(c)
  if (!INVOICE_ID.test(invoiceId)) return notFoundPage(c)
  const { accountId } = user
  const files = await ports.billing.getProofFiles({ accountId, invoiceId }, asCustomer(c, ports, user))
  const title = 'Proof of this invoice'
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
async function repairPage(c: AppContext, ports: PagePorts, of: OfClose, repair: Repair) {
  const path = `/admin/closes/${of.accountId}/${of.invoiceId}`
  const { plan, reason, units } = await formFields(c, 'plan', 'reason', 'units')
  const call = asAdmin(c, ports, signedIn(c))
  const ask = ports.billing[ASK[repair]]
  const input = { ...of, ...(/^[1-9]\d{0,14}$/.test(units) ? { units: Number(units) } : {}) }
  const isConfirmed = plan !== '' && reason.length >= 3
  const answer = await ask({ ...input, ...(isConfirmed ? { planId: plan, reason } : {}) }, call)
  if (!answer.ok) return closePage(c, ports, of, answer.message)
  if (answer.value.applied) return c.redirect(`${path}?done=${repair}`, 303)
  const error = plan === '' ? undefined : 'Say why, in at least three characters.'
  const shown = { path, plan: answer.value.plan, token: c.get('formToken')(), units, error }
  return page(c, { title: 'Close', status: error ? 422 : 200 }, <ConfirmRepair {...shown} />)
}
