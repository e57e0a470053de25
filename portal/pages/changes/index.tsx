import * as z from 'zod/mini'
import { planIdSchema } from '#billing/contract'
import type { Failure } from '#kernel/result'
import { instantSchema } from '#kernel/schemas'
import type { AppContext } from '../../http/app-env.ts'
import { asCustomer } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { failedPage, notFoundPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { planPage } from '../plan.tsx'
import { ConfirmChange } from './confirm-change.tsx'

/** A change between plans: shown with its arithmetic, confirmed, made; cancelled and undone. */
export const changePages: Pages = (app, ports) => {
  app.get('/plan/change', c => confirmPage(c, ports, c.req.query('plan') ?? ''))

  app.post('/plan/change', async c => {
    const user = signedIn(c)
    const { plan, version, priced, digest } = await formFields(c, 'plan', 'version', 'priced', 'digest')
    const pricedAt = z.safeParse(instantSchema, Number(priced))
    if (!z.safeParse(planIdSchema, plan).success || !pricedAt.success) return notFoundPage(c)
    const changed = await ports.billing.changePlan(
      {
        ...{ accountId: user.accountId, planId: plan },
        ...{ expectedPlanVersionId: version, pricedAt: pricedAt.data, digest },
      },
      asCustomer(c, ports, user),
    )
    if (!changed.ok) return confirmPage(c, ports, plan, changed)
    return c.redirect(changed.value.state === 'switching' ? '/plan?changed=now' : '/plan', 303)
  })

  app.post('/plan/cancel', async c => {
    const user = signedIn(c)
    const { accountId } = user
    const canceled = await ports.billing.cancelPlan({ accountId }, asCustomer(c, ports, user))
    return canceled.ok ? c.redirect('/plan', 303) : planPage(c, ports, canceled.message)
  })

  app.post('/plan/undo', async c => {
    const user = signedIn(c)
    const { accountId } = user
    const undone = await ports.billing.undoChange({ accountId }, asCustomer(c, ports, user))
    if (undone.ok) return c.redirect(`/plan?undone=${undone.value.undone}`, 303)
    return undone.code === 'nothing_to_undo' ? c.redirect('/plan', 303) : planPage(c, ports, undone.message)
  })
}

async function confirmPage(c: AppContext, ports: PagePorts, planId: string, failure?: Failure) {
  if (!z.safeParse(planIdSchema, planId).success) return notFoundPage(c)
  const user = signedIn(c)
  const call = asCustomer(c, ports, user)
  const shown = await ports.billing.previewChange({ accountId: user.accountId, planId }, call)
  if (!shown.ok) return shown.code === 'plan_not_found' ? notFoundPage(c) : failedPage(c, 'Plan', shown)
  return page(
    c,
    { title: 'Change plan', status: failure ? 409 : 200 },
    <ConfirmChange preview={shown.value} failure={failure} token={c.get('formToken')()} />,
  )
}
