export type Header = readonly [name: string, value: string]

/** A request as it came in over HTTP. */
export type FrontRequest = {
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  /** Without `?`. */
  readonly query: string
  /** In order and in the caller's spelling. */
  readonly headers: readonly Header[]
  /** The last value of each header, by lower-case name. */
  readonly byName: ReadonlyMap<string, string>
  /** Absent when it was larger than the limit. */
  readonly body: Buffer | undefined
  readonly sourceIp: string
  readonly protocol: string
}

export type FrontReply = {
  readonly status: number
  readonly headers: readonly Header[]
  readonly body: string | Buffer
}

/** The last value of a header, whatever the spelling of its name. */
export const headerValue = (request: FrontRequest, name: string): string | undefined =>
  request.byName.get(name.toLowerCase())

export const headerValues = (request: FrontRequest, name: string): string[] => {
  const wanted = name.toLowerCase()
  return request.headers.flatMap(([header, value]) => (header.toLowerCase() === wanted ? [value] : []))
}

export const hasHeader = (headers: readonly Header[], name: string): boolean =>
  headers.some(([header]) => header.toLowerCase() === name)

/** A header name that can be sent (RFC 9110 token). */
export const isHeaderName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name)

/** A status that a function can answer, as a number or as text. One below 200 is no final answer. */
export function isStatus(value: unknown): value is number | string {
  if (typeof value !== 'number' && typeof value !== 'string') return false
  const status = Number(value)
  return Number.isInteger(status) && status >= 200 && status <= 599
}
