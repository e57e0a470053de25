import { UnsupportedError } from '../../../contract.ts'
import { badRequest, notFound } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import type { RestApi } from '../state.ts'

type Properties = Readonly<Record<string, unknown>>

/** Readers for template properties: CloudFormation lets numbers and booleans arrive as text. */
export function optionalText(properties: Properties, name: string): string | undefined {
  const value = properties[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  throw badRequest(`Property ${name} must be a string`)
}

export function text(properties: Properties, name: string): string {
  const value = optionalText(properties, name)
  if (value === undefined || value === '') throw badRequest(`Property ${name} is required`)
  return value
}

export function flag(properties: Properties, name: string, otherwise: boolean): boolean {
  const value = optionalText(properties, name)
  return value === undefined ? otherwise : value === 'true'
}

export function number(properties: Properties, name: string): number | undefined {
  const value = optionalText(properties, name)
  if (value === undefined) return undefined
  const parsed = Number(value)
  if (!Number.isFinite(parsed)) throw badRequest(`Property ${name} must be a number`)
  return parsed
}

export function textMap(properties: Properties, name: string): Record<string, string> {
  const value = properties[name] ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest(`Property ${name} must be a map`)
  return Object.fromEntries(Object.entries(value as object).map(([key, entry]) => [key, String(entry)]))
}

export function list(properties: Properties, name: string): unknown[] {
  const value = properties[name] ?? []
  if (!Array.isArray(value)) throw badRequest(`Property ${name} must be a list`)
  return value
}

export const tagsOf = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    list(properties, 'Tags').map(tag => {
      const { Key, Value } = tag as { Key?: unknown; Value?: unknown }
      return [String(Key), String(Value)]
    }),
  )

export function apiOf(gateway: Gateway, properties: Properties): RestApi {
  const id = text(properties, 'RestApiId')
  const api = gateway.state.apis.get(id)
  if (api === undefined) throw notFound(`Invalid API identifier specified: ${id}`)
  return api
}

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations` → the function ARN. */
export function functionArnOf(uri: string): string {
  const found = /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(
    uri,
  )
  if (found?.[1] === undefined) throw new UnsupportedError(`the integration URI ${uri}`)
  return found[1]
}
