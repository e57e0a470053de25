import { Notice } from '../../components/form.tsx'
import { Head } from '../../components/parts.tsx'
import { formatCount } from '../../format/numbers.ts'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { notFoundPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { planIdOf } from './edit-draft.tsx'
import { ReasonForm } from './parts.tsx'

/** Takes a plan off sale, or puts it back. */
export const archivePages: Pages = (app, ports) => {
  app.get('/admin/plans/:planId/archive', c => archivePage(c, ports))

  app.post('/admin/plans/:planId/archive', async c => {
    const planId = planIdOf(c)
    if (!planId) return notFoundPage(c)
    const { reason, action } = await formFields(c, 'reason', 'action')
    const call = asAdmin(c, ports, signedIn(c))
    const done =
      action === 'unarchive'
        ? await ports.billing.adminUnarchivePlan({ planId, reason }, call)
        : await ports.billing.adminArchivePlan({ planId, reason }, call)
    if (!done.ok) return archivePage(c, ports, done.message)
    return c.redirect(`/admin/plans?message=${action === 'unarchive' ? 'unarchived' : 'archived'}`, 303)
  })
}

async function archivePage(c: AppContext, ports: PagePorts, refusal?: string) {
  const planId = planIdOf(c)
  const listed = await ports.billing.adminListPlans({}, asAdmin(c, ports, signedIn(c)))
  if (!listed.ok) throw new Error(`plans could not be listed: ${listed.code}`)
  const versions = listed.value.versions.filter(({ id }) => id === planId)
  const newest = versions[0]
  if (!newest) return notFoundPage(c)
  const accounts = versions.reduce((sum, version) => sum + version.accounts, 0)
  const isArchived = newest.archivedAt !== null
  const title = isArchived ? `Put ${newest.name} on sale again` : `Archive ${newest.name}`
  return page(
    c,
    { title, status: refusal ? 409 : 200 },
    <div class="stack">
      <Head title={title} />
      {refusal && (
        <Notice tone="bad" title="Nothing was changed">
          {refusal}
        </Notice>
      )}
      <section class="card stack-m">
        {isArchived ? (
          <p>{`New customers will see ${newest.planVersionId} on the price list, at its prices.`}</p>
        ) : (
          <p>
            {`${newest.name} leaves the price list at once and cannot be bought any more. `}
            {accounts === 0
              ? 'Nobody is on it.'
              : `${formatCount(accounts)} ${accounts === 1 ? 'account stays' : 'accounts stay'} on it, at the present price, until they change.`}
          </p>
        )}
        <ReasonForm
          action={`/admin/plans/${planId}/archive`}
          token={c.get('formToken')()}
          button={isArchived ? 'Put on sale' : 'Archive'}
          danger={!isArchived}
          hidden={{ action: isArchived ? 'unarchive' : 'archive' }}
        />
      </section>
    </div>,
  )
}
