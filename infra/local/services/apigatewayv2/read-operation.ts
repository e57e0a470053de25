import { ServiceError } from '../../contract.ts'
import type { HttpApis } from './http-apis.ts'

export type Input = Readonly<Record<string, string>>

/** One operation that reads: its path (without `/v2`, as IAM names it) and what it answers. */
export type ReadOperation<Output = unknown> = {
  readonly path: string
  /** Whether it takes `maxResults` and `nextToken`. */
  readonly paged: boolean
  run(service: HttpApis, input: Input): Output
}

export const badParameter = (name: string) =>
  new ServiceError('BadRequestException', `Invalid value for parameter ${name}`, 400)

/** Results on a page where the caller does not say. */
const DEFAULT_PAGE = 25
const MAX_PAGE = 500

/** One page of records in the order of their names. */
export function pageOf<T>(
  records: Iterable<T>,
  nameOf: (record: T) => string,
  { maxResults, nextToken }: Input,
): { readonly records: T[]; readonly nextToken?: string } {
  const size = maxResults === undefined ? DEFAULT_PAGE : Number(maxResults)
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE) throw badParameter('maxResults')
  const after = nextToken === undefined ? '' : Buffer.from(nextToken, 'base64url').toString()
  if (nextToken !== undefined && Buffer.from(after).toString('base64url') !== nextToken)
    throw badParameter('nextToken')
  const rest = [...records]
    .filter(record => nameOf(record) > after)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const page = rest.slice(0, size)
  const last = page.at(-1)
  if (last === undefined || rest.length === page.length) return { records: page }
  return { records: page, nextToken: Buffer.from(nameOf(last)).toString('base64url') }
}

/** A page as it travels. */
export const listOf = <T, View>(
  { records, nextToken }: { readonly records: T[]; readonly nextToken?: string },
  view: (record: T) => View,
): { readonly items: View[]; readonly nextToken?: string } => ({
  items: records.map(view),
  ...(nextToken === undefined ? {} : { nextToken }),
})
