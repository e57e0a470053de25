import { badRequest } from '../errors.ts'

type Tags = Readonly<Record<string, string>>

/** Tags per resource; key and value lengths as AWS documents for all services. */
const MAX_TAGS = 50
const MAX_KEY_LENGTH = 128
const MAX_VALUE_LENGTH = 256

export function readTags(given: unknown): Record<string, string> {
  if (given === undefined) return {}
  if (typeof given !== 'object' || given === null) throw badRequest('Invalid tags specified')
  const entries = Object.entries(given)
  for (const [key, value] of entries) {
    if (typeof value !== 'string') throw badRequest('Invalid tag value specified')
    if (key === '' || key.length > MAX_KEY_LENGTH || value.length > MAX_VALUE_LENGTH)
      throw badRequest('Invalid tag specified')
    if (key.toLowerCase().startsWith('aws:')) throw badRequest('Tag keys cannot start with "aws:"')
  }
  if (entries.length > MAX_TAGS) throw badRequest('Too many tags specified')
  return Object.fromEntries(entries)
}

/** An empty map is shown only by the operations that read or change one resource. */
export const shownTags = (tags: Tags, showEmpty = false): Record<string, string> | undefined =>
  showEmpty || Object.keys(tags).length > 0 ? { ...tags } : undefined
