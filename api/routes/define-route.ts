import type * as z from 'zod/mini'
import type { ProblemCode } from '#api/contract'

/**
 * One route of the metered API. The registry (`registry.ts`) is the only list of them: the app, the OpenAPI document
 * and the tests come from it.
 */
export type RouteDefinition<
  I extends z.ZodMiniType = z.ZodMiniType,
  O extends z.ZodMiniType = z.ZodMiniType,
> = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE'
  /** Hono's pattern; its parameters are strings of the input. */
  readonly path: string
  readonly summary: string
  readonly description: string
  /** The JSON body; for GET and DELETE the query. Path parameters are added to either. */
  readonly input: I
  readonly output: O
  /** The input's schema in the document where `input` is laxer than what callers should send. */
  readonly documentedInput?: z.ZodMiniType
  /** The most that the call can cost; a hard limit must have so much left. */
  readonly maxUnits: (input: z.output<I>) => number
  /** How the price of a call is found, in words. */
  readonly price: string
  readonly example: { readonly input: z.input<I>; readonly output: z.output<O> }
  readonly run: (input: z.output<I>) => Promise<Answer<z.output<O>>>
}

/** `units` is what the call costs; a problem costs nothing. */
export type Answer<T> =
  | { readonly body: T; readonly units: number }
  | { readonly problem: { readonly code: ProblemCode; readonly detail: string } }

/** A route whose types are settled inside. */
export type Route = Omit<RouteDefinition, 'maxUnits' | 'run' | 'example'> & {
  readonly maxUnits: (input: never) => number
  readonly run: (input: never) => Promise<Answer<unknown>>
  readonly example: { readonly input: unknown; readonly output: unknown }
}

export const defineRoute = <const I extends z.ZodMiniType, const O extends z.ZodMiniType>(
  definition: RouteDefinition<I, O>,
): RouteDefinition<I, O> => definition

/** The route's name in usage records and metrics: `POST /v1/phone`. */
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`
