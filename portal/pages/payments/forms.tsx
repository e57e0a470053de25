import type { Child } from 'hono/jsx'
import type { InvoiceSummary } from '#billing/contract'
import { Token } from '../../components/form.tsx'

type Form = { readonly accountId: string; readonly token: string }

/** A form that asks for an action; the next page shows what it will do and asks whether it should. */
function ActionForm({
  accountId,
  token,
  action,
  children,
  shape,
}: Form & { action: string; children?: Child; shape?: string }) {
  return (
    <form method="post" action={`/admin/accounts/${accountId}/${action}`} class={shape}>
      <Token value={token} />
      {children}
    </form>
  )
}

type InputProps = {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly type?: string
  readonly hint?: string
  readonly required?: boolean
  readonly maxlength?: number
}

export function Input({
  id,
  name,
  label,
  type = 'text',
  hint,
  required = false,
  maxlength = 20,
}: InputProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        required={required}
        maxlength={maxlength}
        aria-describedby={hint && `${id}-hint`}
      />
      {hint && (
        <p class="fine" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export const Reason = ({ id, label = 'Reason' }: { id: string; label?: string }) => (
  <Input id={id} name="reason" label={label} required maxlength={300} />
)

export const ReasonForm = ({
  label,
  button,
  ...form
}: Form & { action: string; label: string; button: string }) => (
  <ActionForm {...form} shape="inline-form">
    <Reason id={`${form.action}-reason`} label={label} />
    <button type="submit">{button}</button>
  </ActionForm>
)

/** A button with nothing to fill in yet: the reason is asked for on the next page. */
export const HiddenForm = ({
  fields,
  children,
  ...form
}: Form & { action: string; fields: Readonly<Record<string, string>>; children?: Child }) => (
  <ActionForm {...form}>
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button class="small" type="submit">
      {children}
    </button>
  </ActionForm>
)

export const RefundForm = ({ invoice, ...form }: Form & { invoice: InvoiceSummary }) => (
  <HiddenForm {...form} action="refund" fields={{ invoiceId: invoice.invoiceId }}>
    {invoice.status === 'open' ? 'Reduce' : 'Refund'}
  </HiddenForm>
)

export const CreditForm = ({ currency, ...form }: Form & { currency: string }) => (
  <ActionForm {...form} action="credit" shape="card-body stack-m">
    <Input
      id="credit-amount"
      name="amount"
      label={`Amount in ${currency.toUpperCase()}`}
      hint="Pays usage charges of the next invoices, not the monthly fee. To give back a fee, refund its invoice or apply a discount."
      required
    />
    <Input id="credit-until" name="until" label="Last day (optional)" type="date" />
    <Reason id="credit-reason" label="Reason (the customer reads this)" />
    <div>
      <button type="submit">Grant credit</button>
    </div>
  </ActionForm>
)

export const CouponForm = ({ currency, ...form }: Form & { currency: string }) => (
  <ActionForm {...form} action="coupon" shape="card-body stack-m">
    <Input
      id="coupon-off"
      name="off"
      label="Off every invoice"
      hint={`A percentage such as 20 %, or an amount in ${currency.toUpperCase()} such as 10.00.`}
      required
    />
    <Input
      id="coupon-months"
      name="months"
      label="For how many months (optional)"
      hint="1 to 36; “once” for the next invoice only. Empty: for good."
    />
    <Reason id="coupon-reason" />
    <div>
      <button type="submit">Apply discount</button>
    </div>
  </ActionForm>
)
