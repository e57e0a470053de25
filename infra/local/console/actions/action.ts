import type { Problem } from '../answer.ts'
import type { ConsoleSources } from '../sources.ts'

/** What somebody asks an action to do: the JSON of the body, or the fields of a form that are not empty. */
export type Asked = { readonly params: Readonly<Record<string, string>>; readonly body: unknown }

/** `data` is the JSON answer; a form is sent back to its page instead. */
export type Outcome =
  | { readonly done: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly problem: Problem }

export type Action = {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  run(sources: ConsoleSources, asked: Asked): Outcome | Promise<Outcome>
}

export const refuse = (status: number, code: string, title: string, detail: string): Outcome => ({
  problem: { status, code, title, detail },
})

/** The fields of a body; one that is no object has none. */
export const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {}
