import { ServiceError, UnsupportedError } from '../../contract.ts'
import type { HttpApi, HttpApiState } from './state.ts'

type Properties = Readonly<Record<string, unknown>>

export const badRequest = (message: string) => new ServiceError('BadRequestException', message, 400)

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

export function number(properties: Properties, name: string): number | undefined {
  const value = optionalText(properties, name)
  if (value === undefined) return undefined
  const parsed = Number(value)
  if (!Number.isFinite(parsed)) throw badRequest(`Property ${name} must be a number`)
  return parsed
}

export function object(properties: Properties, name: string): Record<string, unknown> {
  const value = properties[name] ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest(`Property ${name} must be a map`)
  return value as Record<string, unknown>
}

/** For properties with one supported value: any other is refused by name. */
export function only(properties: Properties, name: string, supported: readonly string[]): void {
  const value = optionalText(properties, name)
  if (value !== undefined && !supported.includes(value)) {
    throw new UnsupportedError(`${name} ${value} of an HTTP API`)
  }
}

export function apiOf(state: HttpApiState, properties: Properties): HttpApi {
  const api = state.apis.get(text(properties, 'ApiId'))
  if (api === undefined) throw new ServiceError('NotFoundException', 'Invalid API identifier specified', 404)
  return api
}
