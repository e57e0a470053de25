import { randomId } from '#kernel/ids'
import type { Failure } from '#kernel/result'
import { Notice, Token } from '../../components/form.tsx'
import { Head } from '../../components/parts.tsx'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { failedPage, notFoundPage } from '../../http/outcome-pages.tsx'
import { type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { ACTIONS, type Action, type ActionContext, type Fields } from './actions.ts'
import { Input, Reason } from './forms.tsx'

const ACCOUNT_ID = /^acct_[0-9A-Za-z]{22}$/

/** What an administrator does to an account: first what it will do and why, then doing it. */
export const actionPages: Pages = (app, ports) => {
  app.post('/admin/accounts/:id/:action', async c => {
    const accountId = c.req.param('id')
    const name = c.req.param('action')
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
    if (!action || !ACCOUNT_ID.test(accountId)) return notFoundPage(c)
    const call = asAdmin(c, ports, signedIn(c))
    const payments = await ports.billing.getPayments({ accountId }, call)
    if (!payments.ok) return failedPage(c, action.title, payments)
    const context = { billing: ports.billing, accountId, currency: payments.value.currency, call }
    const fields = await formFields(c, ...action.fields, 'reason', 'request', 'confirmed')
    if (fields.confirmed !== 'yes') return reviewPage(c, action, fields, context)
    const outcome = await action.run(fields, context)
    return outcome.ok
      ? c.redirect(`/admin/accounts/${accountId}?done=${name}`, 303)
      : reviewPage(c, action, fields, context, outcome)
  })
}

/** `failure`: why it was not done when it was confirmed. */
async function reviewPage(
  c: AppContext,
  action: Action,
  fields: Fields,
  context: ActionContext,
  failure?: Failure,
) {
  const reviewed = await action.review(fields, context)
  const problem = failure ?? (reviewed.ok ? undefined : reviewed)
  const back = `/admin/accounts/${context.accountId}`
  const asksAmount = action.fields.includes('invoiceId')
  const isComplete = reviewed.ok && (fields.reason ?? '').length >= REASON_MIN
  return page(
    c,
    { title: action.title, status: problem ? 409 : 200 },
    <div class="stack">
      <Head title={action.title} lede={context.accountId} />
      {problem && (
        <Notice tone="bad" title="Nothing was done">
          {problem.message}
        </Notice>
      )}
      <section class="card stack-m">
        {reviewed.ok && reviewed.value.map(sentence => <p>{sentence}</p>)}
        <form method="post" action={c.req.path} class="stack-m" data-once={isComplete || undefined}>
          <Token value={c.get('formToken')()} />
          {action.fields
            .filter(name => isComplete || name !== 'amount' || !asksAmount)
            .map(name => (
              <input type="hidden" name={name} value={fields[name] ?? ''} />
            ))}
          {isComplete ? (
            <>
              <p>
                <strong>Reason:</strong> {fields.reason}
              </p>
              <input type="hidden" name="reason" value={fields.reason ?? ''} />
              <input type="hidden" name="request" value={fields.request || randomId('req')} />
              <input type="hidden" name="confirmed" value="yes" />
              <div class="row">
                <button class="primary" type="submit">
                  {action.button}
                </button>
                <a class="button" href={back}>
                  Leave it
                </a>
              </div>
            </>
          ) : (
            <NextQuestion {...{ asksAmount, back }} canGoOn={reviewed.ok || asksAmount} />
          )}
        </form>
      </section>
    </div>,
  )
}

/** Shorter reasons say nothing; billing refuses them, too. */
const REASON_MIN = 3

/** What is still missing before the action can be reviewed. */
function NextQuestion({
  asksAmount,
  canGoOn,
  back,
}: {
  asksAmount: boolean
  canGoOn: boolean
  back: string
}) {
  return (
    <>
      {canGoOn && asksAmount && (
        <Input id="amount" name="amount" label="Amount (empty: all of it)" hint="In figures with a dot." />
      )}
      {canGoOn && (
        <Reason
          id="reason"
          label="Reason (kept in the audit trail; on a credit note the customer reads it)"
        />
      )}
      <div class="row">
        {canGoOn && <button type="submit">Go on</button>}
        <a class="button" href={back}>
          Back
        </a>
      </div>
    </>
  )
}
