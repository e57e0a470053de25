import type { billingContract, SpendCap } from '#billing/contract'
import type { Client } from '#kernel/rpc'
import { Field, Notice, Token } from '../../components/form.tsx'
import { Empty, Gauge, Head } from '../../components/parts.tsx'
import { formatCount, formatUnits } from '../../format/numbers.ts'
import { formatAmount } from '../../format/prices.ts'
import { formatDate, formatPeriod } from '../../format/time.ts'
import type { AppContext } from '../../http/app-env.ts'
import { asCustomer } from '../../http/call.ts'
import { formFields } from '../../http/form-fields.ts'
import { failedPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { amountField, parseAmount } from './amount.ts'
import { ConfirmCap } from './confirm-cap.tsx'

type Limits = Extract<
  Awaited<ReturnType<Client<typeof billingContract>['getLimits']>>,
  { readonly ok: true }
>['value']

const TITLE = 'Limits'

/** The spend cap: what it is, what it buys, and the way to change it; caps of keys below. */
export const limitsPage: Pages = (app, ports) => {
  app.get('/usage/limits', c => showLimits(c, ports, {}))

  // First the preview, then the change: money is at stake.
  app.post('/usage/limits/preview', async c => {
    const user = signedIn(c)
    const limits = await load(c, ports)
    if (!limits.ok) return failedPage(c, TITLE, limits)
    const { cap, none } = await formFields(c, 'cap', 'none')
    const capMinor = none === 'yes' ? null : parseAmount(cap, limits.value.currency)
    if (capMinor === null && none !== 'yes') return showLimits(c, ports, { cap, error: AMOUNT_RULE })
    const preview = await ports.billing.previewSpendCap(
      { accountId: user.accountId, capMinor },
      asCustomer(c, ports, user),
    )
    if (!preview.ok) return showLimits(c, ports, { cap, error: preview.message })
    return page(
      c,
      { title: 'Change the spend cap' },
      <ConfirmCap
        limits={limits.value}
        preview={preview.value}
        capMinor={capMinor}
        token={c.get('formToken')()}
      />,
    )
  })

  app.post('/usage/limits', async c => {
    const user = signedIn(c)
    const { capMinor } = await formFields(c, 'capMinor')
    if (capMinor !== '' && !/^\d{1,12}$/.test(capMinor)) return showLimits(c, ports, { error: AMOUNT_RULE })
    const set = await ports.billing.setSpendCap(
      { accountId: user.accountId, capMinor: capMinor === '' ? null : capMinor },
      asCustomer(c, ports, user),
    )
    if (!set.ok) return showLimits(c, ports, { error: set.message })
    return c.redirect(`/usage/limits?done=${set.value.inForce ? 'cap' : 'later'}`, 303)
  })
}

const AMOUNT_RULE = 'Write an amount such as 50 or 50.00, not negative.'

const load = (c: AppContext, ports: PagePorts) => {
  const user = signedIn(c)
  return ports.billing.getLimits({ accountId: user.accountId }, asCustomer(c, ports, user))
}

type State = { readonly cap?: string; readonly error?: string }

async function showLimits(c: AppContext, ports: PagePorts, state: State) {
  const user = signedIn(c)
  const [limits, keys] = await Promise.all([
    load(c, ports),
    ports.access.listKeys({ accountId: user.accountId }, asCustomer(c, ports, user)),
  ])
  if (!limits.ok) return failedPage(c, TITLE, limits)
  const names = new Map(keys.ok ? keys.value.keys.map(({ keyId, name }) => [keyId, name]) : [])
  const done = c.req.query('done')
  return page(
    c,
    { title: TITLE, status: state.error ? 422 : 200 },
    <div class="stack">
      <Head
        title={TITLE}
        lede={`What may be used and spent in a period. This one: ${formatPeriod(limits.value.segment)} (UTC).`}
      >
        <a href="/usage">Usage</a>
      </Head>
      {done === 'cap' && (
        <Notice tone="good" title="The spend cap is in force">
          Calls follow it from now on.
        </Notice>
      )}
      {done === 'later' && (
        <Notice tone="warn" title="The spend cap is set">
          It takes up to a minute until calls follow it.
        </Notice>
      )}
      <CapCard limits={limits.value} state={state} token={c.get('formToken')()} />
      <KeyCaps limits={limits.value} names={names} />
    </div>,
  )
}

function CapCard({ limits, state, token }: { limits: Limits; state: State; token: string }) {
  const { spendCap, currency, isPayer } = limits
  const value =
    state.cap ?? (spendCap.chosenMinor === null ? '' : amountField(spendCap.chosenMinor, currency))
  return (
    <section class="card stack-m" aria-labelledby="cap-title">
      <h2 id="cap-title">Spend cap</h2>
      {isPayer ? (
        <CapState limits={limits} cap={spendCap} />
      ) : (
        <p>
          Your plan has no metered charges.{' '}
          {spendCap.chosenMinor === null
            ? 'A cap that you set now holds from your first purchase on.'
            : `From your first purchase on, the cap is ${formatAmount(spendCap.chosenMinor, currency)} a period.`}
        </p>
      )}
      <form method="post" action="/usage/limits/preview" class="inline-form">
        <Token value={token} />
        <Field
          label={`Cap in ${currency.toUpperCase()} a period`}
          name="cap"
          value={value}
          placeholder="50.00"
          autocomplete="off"
          maxlength={16}
          hint="Metered charges, before tax and credits. The monthly fee is not part of it."
          error={state.error}
        />
        <button class="primary" type="submit">
          See what it means
        </button>
      </form>
      {spendCap.chosenMinor !== null && spendCap.defaultCapMinor === null && (
        <form method="post" action="/usage/limits/preview">
          <Token value={token} />
          <button type="submit" name="none" value="yes">
            Remove the cap
          </button>
        </form>
      )}
    </section>
  )
}

function CapState({ limits, cap }: { limits: Limits; cap: SpendCap }) {
  const { currency, unit, segment } = limits
  const amount = (minor: string) => formatAmount(minor, currency)
  return (
    <div class="stack-s">
      {cap.isReached && (
        <Notice tone="bad" title="Calls are refused">
          {`This period has used what the cap buys. Calls work again at once when you raise it, else on ${formatDate(segment.end)}.`}
        </Notice>
      )}
      <p>
        {cap.capMinor === null ? (
          `No cap. ${amount(cap.spentMinor)} spent so far.`
        ) : (
          <>
            <strong>{`${amount(cap.spentMinor)} of ${amount(cap.capMinor)}`}</strong> spent
            {cap.capUnits !== null &&
              `: ${formatCount(cap.usedUnits)} of ${formatUnits(cap.capUnits, unit)}, those included in the plan among them`}
            .
          </>
        )}
      </p>
      {cap.capUnits !== null && <Gauge used={cap.usedUnits} of={cap.capUnits} hard />}
      {cap.defaultCapMinor !== null && (
        <p class="fine">
          {`Until your first invoice with usage on it is paid, the cap is at most ${amount(cap.defaultCapMinor)}. You can lower it.`}
        </p>
      )}
      <p class="fine">
        At the cap calls are refused with 402 <code>spend_cap_reached</code>. What slips past it while calls
        run side by side is not charged.
      </p>
    </div>
  )
}

function KeyCaps({ limits, names }: { limits: Limits; names: ReadonlyMap<string, string> }) {
  if (limits.keyCaps.length === 0)
    return (
      <Empty title="No key has a cap of its own">
        <p>A cap for a key stops its calls at a number of units a period; your other keys go on.</p>
        <a class="button" href="/keys">
          Choose a key
        </a>
      </Empty>
    )
  return (
    <section class="card flush" aria-labelledby="keys-title">
      <div class="head">
        <h2 id="keys-title">Caps of keys</h2>
      </div>
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col" class="num">
                Used
              </th>
              <th scope="col" class="num">
                Cap
              </th>
              <th scope="col">
                <span class="hidden">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {limits.keyCaps.map(({ keyId, capUnits, usedUnits }) => (
              <tr>
                <th scope="row">{names.get(keyId) ?? <span class="mono">{keyId}</span>}</th>
                <td class="num">{formatCount(usedUnits)}</td>
                <td class="num">{capUnits === null ? '–' : formatCount(capUnits)}</td>
                <td class="num">
                  <a href={`/keys/${keyId}/cap`}>Change</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
