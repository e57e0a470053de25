import { PROBLEMS, type ProblemCode } from '#api/contract'
import { problem } from '#kernel/problem'

/** A problem of the metered API. Everything in it is shown to the caller. */
export function problemOf(
  code: ProblemCode,
  detail: string | undefined,
  requestId: string,
  extra: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { status, title, remedy } = PROBLEMS[code]
  return problem({ status, code, title, detail: detail ?? remedy, extra: { ...extra, requestId } }, headers)
}
