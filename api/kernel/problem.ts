/**
 * RFC 9457 problem documents, the only shape in which errors leave. `code` is stable; `type` is relative and leads to
 * the portal's list of errors. `detail` and `extra` are shown to the caller: nothing internal goes in there.
 */
export type Problem = {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail?: string
  /** Members beyond the standard ones, e.g. `errors` or `requestId`. */
  readonly extra?: Readonly<Record<string, unknown>>
}

export const PROBLEM_TYPE = 'application/problem+json'

export const problemBody = ({ status, code, title, detail, extra }: Problem) => ({
  type: `/docs/errors#${code}`,
  title,
  status,
  ...(detail !== undefined && { detail }),
  code,
  ...extra,
})

export const problem = (definition: Problem, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(problemBody(definition)), {
    status: definition.status,
    headers: { ...headers, 'content-type': PROBLEM_TYPE },
  })
