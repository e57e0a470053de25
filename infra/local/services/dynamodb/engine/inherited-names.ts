import { UnsupportedError } from '../../../contract.ts'

const INHERITED = Object.getOwnPropertyNames(Object.prototype)
const IN_EXPRESSION = new RegExp(`(?<![:#\\w])(?:${INHERITED.join('|')})(?!\\w)`)

/** Members whose keys or elements are attribute names. */
const LEGACY = [
  'AttributesToGet',
  'AttributeUpdates',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
]
const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
]

/**
 * dynalite reads attributes without asking whether an item has them itself, so every item seems to have `constructor`
 * and `toString`. Asking for one is refused; storing one is harmless.
 */
export function refuseInheritedNames(input: object): void {
  const members = new Map<string, unknown>(Object.entries(input))
  const names = Object.values(members.get('ExpressionAttributeNames') ?? {})
  for (const member of LEGACY) {
    const value = members.get(member)
    if (typeof value === 'object' && value !== null)
      names.push(...(Array.isArray(value) ? value : Object.keys(value)))
  }
  const inherited = names.find(name => INHERITED.includes(String(name)))
  const expression = EXPRESSIONS.map(name => members.get(name)).find(
    text => typeof text === 'string' && IN_EXPRESSION.test(text),
  )
  const found =
    inherited ?? (typeof expression === 'string' ? IN_EXPRESSION.exec(expression)?.[0] : undefined)
  if (found !== undefined)
    throw new UnsupportedError(`the attribute name ${String(found)} in a dynamodb request`)
}
