import { ServiceError, UnsupportedError } from '../contract.ts'

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

export function flag(properties: Properties, name: string, otherwise: boolean): boolean {
  const value = optionalText(properties, name)
  if (value === undefined) return otherwise
  if (value !== 'true' && value !== 'false') throw badRequest(`Property ${name} must be true or false`)
  return value === 'true'
}

export function number(properties: Properties, name: string): number | undefined {
  const value = optionalText(properties, name)
  if (value === undefined) return undefined
  const parsed = Number(value)
  if (!Number.isFinite(parsed)) throw badRequest(`Property ${name} must be a number`)
  return parsed
}

export function object(properties: Properties, name: string): Record<string, unknown> {
  return asObject(properties[name] ?? {}, `Property ${name}`)
}

export function textMap(properties: Properties, name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(properties, name)).map(([key, entry]) => [key, String(entry)]),
  )
}

export function list(properties: Properties, name: string): unknown[] {
  const value = properties[name] ?? []
  if (!Array.isArray(value)) throw badRequest(`Property ${name} must be a list`)
  return value
}

export const objects = (properties: Properties, name: string): Record<string, unknown>[] =>
  list(properties, name).map(entry => asObject(entry, `Each of ${name}`))

/** For properties of which only some values are emulated: any other is refused by name. */
export function only(properties: Properties, name: string, supported: readonly string[]): void {
  const value = optionalText(properties, name)
  if (value !== undefined && !supported.includes(value)) throw new UnsupportedError(`${name} ${value}`)
}

/** `Tags` as a list of `Key` and `Value` or, as the second generation has it, as a map. */
export function tagsOf(properties: Properties): Record<string, string> {
  if (!Array.isArray(properties.Tags)) return textMap(properties, 'Tags')
  return Object.fromEntries(
    objects(properties, 'Tags').map(tag => [text(tag, 'Key'), optionalText(tag, 'Value') ?? '']),
  )
}

/** The name of the log group that an access log is written to. */
export function logGroupOf(destinationArn: string): string {
  const logGroup = /^arn:[\w-]+:logs:[\w-]*:\d*:log-group:([^:*]+)/.exec(destinationArn)?.[1]
  if (logGroup === undefined) throw new UnsupportedError(`the access log destination ${destinationArn}`)
  return logGroup
}

/** `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations` → the function ARN. */
export function functionArnOf(uri: string): string | undefined {
  return /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1]
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest(`${what} must be a map`)
  return value as Record<string, unknown>
}
