import type { Child } from 'hono/jsx'
import type { Tone } from './form.tsx'

/** Title of a signed-in page with what stands beside it. */
export function Head({ title, lede, children }: { title: string; lede?: Child; children?: Child }) {
  return (
    <div>
      <div class="head">
        <h1>{title}</h1>
        {children}
      </div>
      {lede && <p class="lede">{lede}</p>}
    </div>
  )
}

export function Badge({ tone, children }: { tone?: Tone | 'accent' | undefined; children?: Child }) {
  return <span class={tone ? `badge ${tone}` : 'badge'}>{children}</span>
}

/** A figure with its name and what it is measured against. */
export function Tile({ name, figure, children }: { name: string; figure: Child; children?: Child }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        <div class="figure">{figure}</div>
        {children}
      </dd>
    </div>
  )
}

/** A thin bar: how much of a whole is used. Past nine tenths it warns, at the whole it is red if that stops calls. */
export function Gauge({ used, of, hard }: { used: number; of: number; hard: boolean }) {
  const share = of <= 0 ? 0 : Math.min(1, used / of)
  const tone = hard && share >= 1 ? ' bad' : hard && share >= 0.9 ? ' warn' : ''
  return (
    <svg class={`gauge${tone}`} aria-hidden="true">
      <rect class="track" width="100%" height="6" />
      <rect class="fill" width={`${(share * 100).toFixed(2)}%`} height="6" />
    </svg>
  )
}

/** Text with a button that copies it. Without JavaScript the text can be selected. */
export function Copyable({ id, children, block }: { id: string; children: Child; block?: boolean }) {
  return (
    <div class="copyable">
      {block ? (
        <pre tabindex={0}>
          <code id={id}>{children}</code>
        </pre>
      ) : (
        <code id={id}>{children}</code>
      )}
      <button type="button" class="small" data-copy={`#${id}`}>
        Copy
      </button>
    </div>
  )
}

/** What will appear here, and the one next action. */
export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="card empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** The account exists and billing is opening its plan; the page looks again by itself. */
export function Preparing() {
  return (
    <div class="card empty">
      <span class="spinner" aria-hidden="true"></span>
      <h2>Your account is being prepared</h2>
      <p>This takes a few seconds. The page goes on by itself; nothing is lost if you leave it.</p>
    </div>
  )
}
