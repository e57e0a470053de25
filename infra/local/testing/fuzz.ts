import fc from 'fast-check'
import { type OperationContext, type Service, ServiceError, UnsupportedError } from '../contract.ts'

const ROOT: OperationContext = { identity: { kind: 'root' }, requestId: 'r', authorize: () => undefined }

/** Names that every object has without being asked, and values at the edges. */
const TRAPS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  '\u0000',
  '💥',
  '*',
  '[',
  '{"a":',
]
const EDGES = [null, true, -1, 0, 0.5, 1e21, [], {}, [null], [[]], { a: null }]

/** What nobody meant to send. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...TRAPS),
  fc.constantFrom(...EDGES),
  fc.jsonValue({ maxDepth: 3 }),
)

/**
 * Inputs with some of the operation's own members: each as it should be, or anything else. Now and then with a member
 * that does not exist.
 */
export function inputs(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const known = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: junk }),
    ]),
  )
  const shaped = fc.record(known, { requiredKeys: [] })
  const extended = fc
    .tuple(shaped, fc.constantFrom(...TRAPS), junk)
    .map(([input, name, value]) => Object.fromEntries([...Object.entries(input), [name, value]]))
  return fc.oneof(
    { weight: 8, arbitrary: shaped },
    { weight: 1, arbitrary: extended },
    { weight: 1, arbitrary: junk },
  )
}

/** Calls an operation. It may answer, and it may refuse in its service's words; anything else is thrown on. */
export async function callWith(service: Service, operation: string, input: unknown): Promise<unknown> {
  const run = service.operations[operation]
  if (run === undefined) throw new Error(`${service.name} has no ${operation}`)
  try {
    return await run(input, ROOT)
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined
    if (error instanceof ServiceError && error.status >= 400 && error.status < 500) return undefined
    throw error
  }
}
