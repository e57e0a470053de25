import type { Child } from 'hono/jsx'
import type { PlanNote } from '#billing/contract'
import { Notice, Token } from '../../components/form.tsx'

type InputProps = {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly numeric?: boolean
  readonly maxlength?: number
  readonly required?: boolean
  /** The label is for screen readers: the column of a table says the same. */
  readonly bare?: boolean
}

/** A labelled input that may stay empty, with its hint and its error tied to it. */
export function Input({ label, name, hint, error, numeric, bare, ...rest }: InputProps) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={name} class={bare ? 'hidden' : undefined}>
        {label}
      </label>
      <input
        id={name}
        name={name}
        autocomplete="off"
        inputmode={numeric ? 'decimal' : undefined}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={described || undefined}
        {...rest}
      />
      {hint && (
        <p class="fine" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

/** A form that does one thing for a reason: nothing of it happens without one. */
export function ReasonForm(props: {
  readonly action: string
  readonly token: string
  readonly button: string
  readonly danger?: boolean
  readonly error?: string | undefined
  readonly hint?: string
  readonly hidden?: Readonly<Record<string, string>>
  readonly children?: Child
}) {
  const id = `reason-${props.button.replaceAll(/\W+/g, '-').toLowerCase()}`
  return (
    <form method="post" action={props.action} class="stack-s" data-once>
      <Token value={props.token} />
      {Object.entries(props.hidden ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {props.children}
      <div class="field">
        <label for={id}>Reason</label>
        <input
          id={id}
          name="reason"
          required
          minlength={3}
          maxlength={500}
          autocomplete="off"
          aria-invalid={props.error ? 'true' : undefined}
          aria-describedby={`${id}-hint`}
        />
        <p class="fine" id={`${id}-hint`}>
          {props.hint ?? 'Kept in the audit trail, with your name.'}
        </p>
        {props.error && <p class="error">{props.error}</p>}
      </div>
      <div class="row">
        <button class={props.danger ? 'danger' : 'primary'} type="submit">
          {props.button}
        </button>
      </div>
    </form>
  )
}

/** Problems or warnings of a draft. */
export function Notes({
  notes,
  tone,
  title,
}: {
  notes: readonly PlanNote[]
  tone: 'bad' | 'warn'
  title: string
}) {
  if (notes.length === 0) return null
  return (
    <Notice tone={tone} title={title}>
      <ul class="stack-s">
        {notes.map(({ pointer, message }) => (
          <li>
            <strong>{nameOf(pointer)}</strong> {message}.
          </li>
        ))}
      </ul>
    </Notice>
  )
}

const NAMES: Readonly<Record<string, string>> = {
  '/name': 'The name',
  '/description': 'The description',
  '/unit': 'The unit',
  '/flatFeeMinor': 'The monthly fee',
  '/includedUnits': 'The included units',
  '/usagePrice': 'The usage price',
  '/usagePrice/tiers': 'The tiers',
  '/usagePrice/unitPriceMinor': 'The price of usage',
  '/usagePrice/packageUnits': 'The package size',
  '/usagePrice/packagePriceMinor': 'The package price',
  '/hardLimitUnits': 'The hard limit',
  '/defaultCapMinor': 'The spend cap of new payers',
  '/limits/ratePerSecond': 'The rate',
  '/limits/burst': 'The burst',
}
function nameOf(pointer: string): string {
  const tier = /^\/usagePrice\/tiers\/(\d+)\/?(\w*)/.exec(pointer)
  if (!tier) return NAMES[pointer] ?? pointer
  const members: Record<string, string> = {
    upToUnits: 'end',
    unitPriceMinor: 'price',
    flatMinor: 'fee',
  }
  const member = members[tier[2] ?? '']
  return `Tier ${Number(tier[1]) + 1}${member ? `: its ${member}` : ''}`
}
