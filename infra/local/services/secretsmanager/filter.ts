import { UnsupportedError } from '../../contract.ts'
import type { Secret } from './state.ts'

export type Filter = { readonly Key?: string | undefined; readonly Values?: readonly string[] | undefined }

/** Every filter has to match, and of each one of its values: by beginning, or not so with a `!` before it. */
export const matchesAll = (filters: readonly Filter[]): ((secret: Secret) => boolean) => {
  const tests = filters.map(({ Key = 'all', Values = [] }) => matchesOne(Key, Values))
  return secret => tests.every(test => test(secret))
}

function matchesOne(key: string, values: readonly string[]): (secret: Secret) => boolean {
  const read = Object.hasOwn(TEXTS, key) ? TEXTS[key] : undefined
  if (!read) throw new UnsupportedError(`the filter ${key} of ListSecrets`)
  return secret => {
    const texts = read(secret)
    return values.some(value => {
      const negated = value.startsWith('!')
      const wanted = fold(key, negated ? value.slice(1) : value)
      return texts.some(text => fold(key, text).startsWith(wanted)) !== negated
    })
  }
}

const TEXTS: Readonly<Record<string, (secret: Secret) => string[]>> = {
  name: secret => [secret.name],
  description: secret => [secret.description ?? ''],
  'tag-key': secret => secret.tags.map(tag => tag.Key),
  'tag-value': secret => secret.tags.map(tag => tag.Value),
  all: secret => {
    const texts = [secret.name, secret.description ?? '', ...secret.tags.flatMap(tag => [tag.Key, tag.Value])]
    return texts.flatMap(text => [text, ...text.split(/[\s/_+=.@-]+/)])
  },
}

/** Descriptions, and everything at once, are compared whatever their case. */
const fold = (key: string, text: string): string =>
  key === 'description' || key === 'all' ? text.toLowerCase() : text
