import { ServiceError, UnsupportedError } from '../contract.ts'

/** Deeper than any AWS service takes (DynamoDB 32 levels); walks over the input need no limit of their own. */
const MAX_DEPTH = 256

/** Parses a JSON body that must be an object; an empty one is an empty object. */
export function parseJsonBody(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {}
  const text = body.toString('utf8')
  refuseDepth(text)
  const parsed = parse(text)
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  throw new ServiceError('SerializationException', 'Start of structure expected', 400)
}

function parse(text: string): unknown {
  try {
    // Assigning a member of this name would change what the object is; the escape is how to hide it.
    return /__proto__|\\u005f/i.test(text) ? JSON.parse(text, refusePrototype) : JSON.parse(text)
  } catch (error) {
    if (error instanceof UnsupportedError) throw error
    throw new ServiceError('SerializationException', 'Could not parse the request body as JSON', 400)
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new UnsupportedError('a member named __proto__')
  return value
}

const [QUOTE, BACKSLASH] = [34, 92]
const OPENING = new Set([91, 123])
const CLOSING = new Set([93, 125])

function refuseDepth(text: string): void {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at)
    if (inString) {
      if (letter === BACKSLASH) at += 1
      else if (letter === QUOTE) inString = false
    } else if (letter === QUOTE) inString = true
    else if (OPENING.has(letter)) depth += 1
    else if (CLOSING.has(letter)) depth -= 1
    if (depth > MAX_DEPTH)
      throw new ServiceError('SerializationException', `JSON deeper than ${MAX_DEPTH} levels`, 400)
  }
}
