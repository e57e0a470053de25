import { InvalidPattern } from './invalid-pattern.ts'
import { compileJsonPattern } from './json-pattern.ts'
import { compileSpacePattern } from './space-pattern.ts'
import { compileTextPattern } from './text-pattern.ts'

export type MessageFilter = (message: string) => boolean

/**
 * Compiles a CloudWatch Logs filter pattern. The empty pattern matches everything. Throws `InvalidParameterException`
 * for what AWS refuses and `UnsupportedError` for regular expressions and array wildcards.
 */
export function compileFilterPattern(pattern: string): MessageFilter {
  const source = pattern.trim()
  if (source === '') return () => true
  if (source.startsWith('[') && source.endsWith(']')) return compileSpacePattern(source.slice(1, -1))
  if (!source.startsWith('{')) return compileTextPattern(source)
  if (!source.endsWith('}')) throw new InvalidPattern()
  const matches = compileJsonPattern(source.slice(1, -1))
  return message => {
    const document = parseObject(message)
    return document !== undefined && matches(document)
  }
}

function parseObject(message: string): object | undefined {
  if (!message.trimStart().startsWith('{')) return undefined
  try {
    const document: unknown = JSON.parse(message)
    return typeof document === 'object' && document !== null ? document : undefined
  } catch {
    return undefined
  }
}
