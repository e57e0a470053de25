import { UnsupportedError } from '../contract.ts'
import type { Json } from './intrinsics.ts'

/** Reads the current text of a secret by ARN or name. */
export type SecretReader = (secretId: string) => Promise<string>

const REFERENCE = /\{\{resolve:([^:}]+):([^}]+)\}\}/g

/**
 * Replaces `{{resolve:secretsmanager:<arn or name>:SecretString[:<json key>[:<stage>[:<version>]]]}}`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
export async function resolveDynamicReferences(value: Json, readSecret: SecretReader): Promise<Json> {
  if (typeof value === 'string') return await resolveText(value, readSecret)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    return await Promise.all(value.map((item: Json) => resolveDynamicReferences(item, readSecret)))
  }
  const entries = Object.entries(value as { readonly [key: string]: Json }).map(
    async ([key, item]) => [key, await resolveDynamicReferences(item, readSecret)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function resolveText(text: string, readSecret: SecretReader): Promise<string> {
  let resolved = text
  for (const [reference, service, rest] of text.matchAll(REFERENCE)) {
    if (service !== 'secretsmanager') throw new UnsupportedError(`dynamic references to ${service}`)
    resolved = resolved.replace(reference, await readPart(rest ?? '', reference, readSecret))
  }
  return resolved
}

async function readPart(rest: string, reference: string, readSecret: SecretReader): Promise<string> {
  const found =
    /^(arn:[^:]+:[^:]+:[^:]*:[^:]*:secret:[^:]+|[^:]+)(?::SecretString(?::([^:]*))?)?(:.*)?$/.exec(rest)
  const [, secretId, jsonKey, version] = found ?? []
  if (!secretId) throw new Error(`${reference} is no reference to a secret`)
  if (version?.replaceAll(':', ''))
    throw new UnsupportedError(`versions in dynamic references (${reference})`)
  const secret = await readSecret(secretId)
  if (!jsonKey) return secret
  const value = (JSON.parse(secret) as Record<string, unknown>)[jsonKey]
  if (value === undefined) throw new Error(`${reference}: the secret has no key ${jsonKey}`)
  return String(value)
}
