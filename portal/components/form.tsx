import type { Child } from 'hono/jsx'

/** One card in the middle of the page. */
export function Narrow({ title, lede, children }: { title: string; lede?: Child; children?: Child }) {
  return (
    <div class="card">
      <div class="stack-m">
        <div>
          <h1>{title}</h1>
          {lede && <p class="lede">{lede}</p>}
        </div>
        {children}
      </div>
    </div>
  )
}

type FieldProps = {
  readonly label: string
  readonly name: string
  readonly type?: string
  readonly value?: string | undefined
  readonly hint?: string
  readonly error?: string | undefined
  readonly autocomplete?: string
  readonly inputmode?: 'numeric' | 'email'
  readonly maxlength?: number
  readonly autofocus?: boolean
  readonly placeholder?: string
}

/** A labelled input with its hint and its error tied to it. */
export function Field({ label, name, type = 'text', hint, error, ...rest }: FieldProps) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        required
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

/** The session's token, in every form that changes something. */
export function Token({ value }: { value: string }) {
  return <input type="hidden" name="token" value={value} />
}

export type Tone = 'good' | 'warn' | 'bad' | 'info'

/** What happened, what it means, what to do. Failures are announced to screen readers at once. */
export function Notice({ tone, title, children }: { tone: Tone; title?: string; children?: Child }) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {title && <strong>{title}</strong>}
      <div>{children}</div>
    </div>
  )
}
