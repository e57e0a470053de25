const compiled = new Map<string, RegExp>()

/** IAM's wildcards: `*` any text, `?` one character. Actions ignore case, everything else does not. */
export function matchesPattern(pattern: string, value: string, letters?: 'ignore-case'): boolean {
  if (pattern === '*' || pattern === value) return true
  const key = `${letters ?? ''}/${pattern}`
  let expression = compiled.get(key)
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    expression = new RegExp(`^${source}$`, letters ? 'is' : 's')
    compiled.set(key, expression)
  }
  return expression.test(value)
}

/** ARNs match part by part: a wildcard of one part does not reach over the next colon, except in the last part. */
export function matchesArn(pattern: string, arn: string): boolean {
  const patternParts = arnParts(pattern)
  const parts = arnParts(arn)
  if (!patternParts || !parts) return pattern === '*' || pattern === arn
  return patternParts.every((part, n) => matchesPattern(part, parts[n] ?? ''))
}

function arnParts(arn: string): string[] | undefined {
  const parts = arn.split(':')
  if (parts[0] !== 'arn' || parts.length < 6) return undefined
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}
