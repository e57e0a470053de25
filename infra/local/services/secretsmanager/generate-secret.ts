import { createHash } from 'node:crypto'
import { z } from 'zod'
import { refuseUnknown } from '../../refuse-unknown.ts'
import { invalidParameter, invalidRequest } from './secretsmanager.ts'

/** A number from 0 up to, and without, the limit. */
export type Draw = (limit: number) => number

const CLASSES = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const

/** CloudFormation accepts `true` and `"true"`. */
const flag = z.optional(
  z.union([z.boolean(), z.enum(['true', 'false']).transform(value => value === 'true')]),
)

const RULES = {
  ExcludeLowercase: flag,
  ExcludeUppercase: flag,
  ExcludeNumbers: flag,
  ExcludePunctuation: flag,
  IncludeSpace: flag,
  RequireEachIncludedType: flag,
  ExcludeCharacters: z.optional(z.string()),
  PasswordLength: z.optional(z.coerce.number().int().min(1).max(4_096)),
}

const TEMPLATE = z.strictObject({
  ...RULES,
  SecretStringTemplate: z.optional(z.string()),
  GenerateStringKey: z.optional(z.string()),
})

export type PasswordRules = z.infer<z.ZodObject<typeof RULES>>

/** A password by `GenerateSecretString`, alone or put into its JSON template under `GenerateStringKey`. */
export function generateSecretString(given: object, draw: Draw): string {
  refuseUnknown('AWS::SecretsManager::Secret GenerateSecretString', given, Object.keys(TEMPLATE.shape))
  const read = TEMPLATE.safeParse(given)
  if (!read.success)
    throw invalidParameter(`GenerateSecretString: ${read.error.issues[0]?.path.join('.')} is not valid.`)
  const { SecretStringTemplate: template, GenerateStringKey: key, ...rules } = read.data
  const password = generatePassword(rules, draw)
  if (template === undefined && key === undefined) return password
  if (template === undefined || key === undefined)
    throw invalidRequest('SecretStringTemplate and GenerateStringKey must be given together.')
  return JSON.stringify({ ...objectOf(template), [key]: password })
}

function objectOf(template: string): object {
  try {
    const parsed: unknown = JSON.parse(template)
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } catch {
    // Said below, as for every template that is no object.
  }
  throw invalidRequest('SecretStringTemplate must be a JSON object.')
}

export function generatePassword(rules: PasswordRules, draw: Draw): string {
  const excluded = rules.ExcludeCharacters ?? ''
  const alphabets = Object.entries(CLASSES)
    .filter(([name]) => rules[name as keyof typeof CLASSES] !== true)
    .map(([, characters]) => [...characters].filter(character => !excluded.includes(character)).join(''))
    .filter(characters => characters !== '')
  if (rules.IncludeSpace && !excluded.includes(' ')) alphabets.push(' ')
  const all = alphabets.join('')
  const length = rules.PasswordLength ?? 32
  const each = rules.RequireEachIncludedType ?? true
  if (all === '') throw invalidParameter('You excluded every character that a password could have.')
  if (each && length < alphabets.length)
    throw invalidParameter('Password length is too short based on the required types.')
  const pick = (characters: string): string => characters[draw(characters.length)] ?? ''
  const characters = each ? alphabets.map(pick) : []
  while (characters.length < length) characters.push(pick(all))
  return shuffle(characters, draw).join('')
}

function shuffle(items: string[], draw: Draw): string[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = draw(last + 1)
    const kept = shuffled[last] ?? ''
    shuffled[last] = shuffled[other] ?? ''
    shuffled[other] = kept
  }
  return shuffled
}

/** Numbers that follow from a text, the same at every start: a template's secret outlives the process that made it. */
export function drawFrom(seed: string): Draw {
  let count = 0
  return limit => {
    count += 1
    const digest = createHash('sha256').update(`${seed}/${count}`).digest()
    // 48 bits are so many more than any limit here that no number is likelier than another.
    return digest.readUIntBE(0, 6) % limit
  }
}
