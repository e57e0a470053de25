import * as z from 'zod/mini'
import { keyIdSchema } from '#kernel/schemas'
import { Field, Notice, Token } from '../../components/form.tsx'
import { Gauge, Head } from '../../components/parts.tsx'
import { formatCount } from '../../format/numbers.ts'
import type { AppContext } from '../../http/app-env.ts'
import { asCustomer } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { failedPage, notFoundPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'

/** How many units one key may use in a period. */
export const keyCapPages: Pages = (app, ports) => {
  app.get('/keys/:keyId/cap', c => showCap(c, ports, {}))

  app.post('/keys/:keyId/cap', async c => {
    const user = signedIn(c)
    const keyId = c.req.param('keyId')
    if (!z.safeParse(keyIdSchema, keyId).success) return notFoundPage(c)
    const { units, none } = await formFields(c, 'units', 'none')
    const text = units.replaceAll(',', '')
    if (none !== 'yes' && !/^\d{1,15}$/.test(text)) return showCap(c, ports, { units, error: UNITS_RULE })
    const set = await ports.billing.setKeyCap(
      { accountId: user.accountId, keyId, units: none === 'yes' ? null : Number(text) },
      asCustomer(c, ports, user),
    )
    if (set.ok) return c.redirect(`/keys/${keyId}/cap?done=${set.value.inForce ? 'cap' : 'later'}`, 303)
    if (set.code === 'key_not_found' || set.code === 'not_found') return notFoundPage(c)
    return showCap(c, ports, { units, error: set.message })
  })
}

const UNITS_RULE = 'Write a whole number of units, such as 10000. 0 stops the key.'

type State = { readonly units?: string; readonly error?: string }

async function showCap(c: AppContext, ports: PagePorts, state: State) {
  const user = signedIn(c)
  const call = asCustomer(c, ports, user)
  const title = 'Cap of a key'
  const [limits, listed] = await Promise.all([
    ports.billing.getLimits({ accountId: user.accountId }, call),
    ports.access.listKeys({ accountId: user.accountId }, call),
  ])
  if (!limits.ok) return failedPage(c, title, limits)
  const key = listed.ok ? listed.value.keys.find(view => view.keyId === c.req.param('keyId')) : undefined
  if (key?.status !== 'active') return notFoundPage(c)
  const cap = limits.value.keyCaps.find(({ keyId }) => keyId === key.keyId)
  const token = c.get('formToken')()
  const done = c.req.query('done')
  return page(
    c,
    { title, status: state.error ? 422 : 200 },
    <div class="stack">
      <Head
        title={`Cap of “${key.name}”`}
        lede="Units that this key may use in a period; your other keys go on."
      />
      {done === 'cap' && <Notice tone="good" title="The cap is in force" />}
      {done === 'later' && (
        <Notice tone="warn" title="The cap is set">
          It takes up to a minute until calls follow it.
        </Notice>
      )}
      <section class="card stack-m">
        {cap && cap.capUnits !== null && (
          <div class="stack-s">
            <p>{`${formatCount(cap.usedUnits)} of ${formatCount(cap.capUnits)} ${limits.value.unit}s used in this period.`}</p>
            <Gauge used={cap.usedUnits} of={cap.capUnits} hard />
          </div>
        )}
        <form method="post" action={`/keys/${key.keyId}/cap`} class="inline-form" data-once>
          <Token value={token} />
          <Field
            label={`${limits.value.unit}s a period`}
            name="units"
            inputmode="numeric"
            autocomplete="off"
            maxlength={19}
            value={state.units ?? (cap?.capUnits === null || cap === undefined ? '' : String(cap.capUnits))}
            hint="At the cap calls with this key are refused with 429 key_cap_reached."
            error={state.error}
          />
          <button class="primary" type="submit">
            Set the cap
          </button>
        </form>
        <div class="row">
          {cap && (
            <form method="post" action={`/keys/${key.keyId}/cap`} data-once>
              <Token value={token} />
              <button type="submit" name="none" value="yes">
                Remove the cap
              </button>
            </form>
          )}
          <a class="button quiet" href="/keys">
            Back to the keys
          </a>
        </div>
      </section>
    </div>,
  )
}
