import type { Html } from '../html.ts'
import type { ConsoleSources } from '../sources.ts'

/** What a request asks a view for. `params` are the variable parts of its path. */
export type Asked = { readonly params: Readonly<Record<string, string>>; readonly query: URLSearchParams }

export type PageContext = Asked & {
  readonly sources: ConsoleSources
  /** Local time. */
  readonly now: number
  /** Path and query of the page: forms return to it. */
  readonly here: string
}

/** One thing the console shows. The page is made from what the JSON says and from nothing else. */
export type View<Data> = {
  /** `/functions/:name`. */
  readonly path: string
  /** What is shown, as JSON. `undefined`: there is no such thing. */
  read(sources: ConsoleSources, asked: Asked): Data | undefined
  title(data: Data, asked: Asked): string
  page(data: Data, context: PageContext): Html
}

/** A view whose data nobody else looks into. */
export type AnyView = {
  readonly path: string
  show(sources: ConsoleSources, asked: Asked): Shown | undefined
}

export type Shown = { readonly data: unknown; readonly title: string; page(context: PageContext): Html }

export const defineView = <Data>(view: View<Data>): AnyView => ({
  path: view.path,
  show(sources, asked) {
    const data = view.read(sources, asked)
    if (data === undefined) return undefined
    return { data, title: view.title(data, asked), page: context => view.page(data, context) }
  },
})
