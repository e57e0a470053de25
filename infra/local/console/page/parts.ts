import { createHash } from 'node:crypto'
import { type Html, html } from '../html.ts'

/** What pages are put together from. */

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'plain'

export const badge = (text: string, tone: Tone = 'plain'): Html =>
  html`<span class="badge ${tone}">${text}</span>`

export const heading = (title: string, lede?: string | Html): Html =>
  html`<header class="heading"><h1>${title}</h1>${lede && html`<p class="lede">${lede}</p>`}</header>`

/** A card with a title; `aside` stands at the right of it. */
export const card = (title: string, content: Html, aside?: Html): Html =>
  html`<section class="card flush"><header class="head"><h2>${title}</h2>${aside}</header>${content}</section>`

/** What stands where nothing is yet: what will appear, and what to do for it. */
export const empty = (title: string, hint: string | Html): Html =>
  html`<div class="empty"><p class="title">${title}</p><p>${hint}</p></div>`

export type Column<Row> = {
  readonly title: string
  readonly cell: (row: Row) => Html | string | undefined
  readonly isNumber?: boolean
  /** Longer text, which may break into lines. */
  readonly isText?: boolean
}

/** A table whose first column names the row. It scrolls by itself on narrow screens. */
export function table<Row>(
  caption: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  keyOf: (row: Row) => string,
): Html {
  const classOf = (column: Column<Row>) =>
    (column.isNumber || column.isText) && html` class="${column.isNumber ? 'num' : 'text'}"`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${columns.map(column => html`<th scope="col"${classOf(column)}>${column.title}</th>`)}</tr></thead><tbody>${rows.map(
    row =>
      html`<tr id="${anchor(keyOf(row))}">${columns.map((column, i) =>
        i === 0
          ? html`<th scope="row"${classOf(column)}>${column.cell(row)}</th>`
          : html`<td${classOf(column)}>${column.cell(row)}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`
}

/** A list of entries that unfold. */
export const unfolding = (entries: readonly Html[]): Html => html`<div class="entries">${entries}</div>`

export const entry = (key: string, summary: Html, content: Html): Html =>
  html`<details id="${anchor(key)}"><summary>${summary}</summary><div class="body">${content}</div></details>`

export const facts = (rows: readonly (readonly [string, Html | string | undefined])[]): Html =>
  html`<dl class="facts">${rows.map(([name, value]) => value !== undefined && value !== '' && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`

/** Longer texts are cut on pages, which are fetched again and again. The JSON has all. */
const LONGEST_TEXT = 3_000

/** JSON, indented; text that is none is shown as it is. */
export const code = (value: unknown, label: string): Html => block(label, cut(pretty(value)))

export const block = (label: string, content: unknown): Html =>
  html`<figure class="code"><figcaption>${label}</figcaption><pre tabindex="0" role="region" aria-label="${label}">${content}</pre></figure>`

function cut(text: string): string {
  if (text.length <= LONGEST_TEXT) return text
  const left = (text.length - LONGEST_TEXT).toLocaleString('en-US')
  return `${text.slice(0, LONGEST_TEXT)}\n… ${left} more characters in the JSON of this page`
}

export function pretty(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2) ?? ''
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'object' && parsed !== null ? JSON.stringify(parsed, null, 2) : value
  } catch {
    return value
  }
}

/** Text in which web addresses can be followed. */
export const linked = (text: string): (Html | string)[] =>
  text
    .split(/(https?:\/\/[^\s<>"')\]]+)/)
    .map((part, i) => (i % 2 === 1 ? html`<a href="${part}">${part}</a>` : part))

/** An element id for any text. */
export const anchor = (key: string): string =>
  /^[\w-]{1,60}$/.test(key) ? key : `k${createHash('sha256').update(key).digest('hex').slice(0, 12)}`

/** Only the first so many are shown; says of how many. */
export const newest = (shown: number, all: number): Html | undefined =>
  all > shown ? html`<p class="more">The newest ${shown} of ${all}. The JSON has all.</p>` : undefined

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

export const link = (path: string, ...parts: readonly string[]): string =>
  [path, ...parts.map(encodeURIComponent)].join('/')
