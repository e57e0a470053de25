import { randomInt } from 'node:crypto'
import { ServiceError } from '../../contract.ts'
import { refuseUnknown } from '../../refuse-unknown.ts'

const CLASSES = {
  ExcludeLowercase: 'abcdefghijklmnopqrstuvwxyz',
  ExcludeUppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ExcludeNumbers: '0123456789',
  ExcludePunctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const

const KNOWN = [
  ...Object.keys(CLASSES),
  'ExcludeCharacters',
  'GenerateStringKey',
  'IncludeSpace',
  'PasswordLength',
  'RequireEachIncludedType',
  'SecretStringTemplate',
]

/** A random password by `GenerateSecretString`, alone or put into its JSON template under `GenerateStringKey`. */
export function generateSecretString(options: Readonly<Record<string, unknown>>): string {
  refuseUnknown('AWS::SecretsManager::Secret GenerateSecretString', options, KNOWN)
  const password = generatePassword(options)
  const [template, key] = [options.SecretStringTemplate, options.GenerateStringKey]
  if (template === undefined && key === undefined) return password
  if (typeof template !== 'string' || typeof key !== 'string') {
    throw new ServiceError(
      'InvalidRequestException',
      'SecretStringTemplate and GenerateStringKey must be given together.',
    )
  }
  return JSON.stringify({ ...JSON.parse(template), [key]: password })
}

function generatePassword(options: Readonly<Record<string, unknown>>): string {
  const excluded = String(options.ExcludeCharacters ?? '')
  const alphabets = Object.entries(CLASSES)
    .filter(([name]) => !isTrue(options[name]))
    .map(([, characters]) => [...characters].filter(character => !excluded.includes(character)).join(''))
    .filter(characters => characters !== '')
  if (isTrue(options.IncludeSpace)) alphabets.push(' ')
  const all = alphabets.join('')
  const length = Number(options.PasswordLength ?? 32)
  if (all === '' || length < alphabets.length)
    throw new ServiceError('InvalidParameterException', 'No password fits these rules.')
  const each = options.RequireEachIncludedType === undefined || isTrue(options.RequireEachIncludedType)
  const characters = each ? alphabets.map(pick) : []
  while (characters.length < length) characters.push(pick(all))
  return shuffle(characters).join('')
}

/** CloudFormation accepts `true` and `"true"`. */
const isTrue = (value: unknown): boolean => String(value) === 'true'

const pick = (characters: string): string => characters[randomInt(characters.length)] ?? ''

function shuffle(items: string[]): string[] {
  return items
    .map(item => ({ item, order: randomInt(2 ** 40) }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item)
}
