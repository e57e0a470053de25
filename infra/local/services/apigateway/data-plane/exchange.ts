import type { LocalTime } from '../../../contract.ts'
import type { FrontRequest } from '../../../http-front/message.ts'
import { headerValue } from '../../../http-front/message.ts'
import type { Deployment, RestApi, Stage } from '../state.ts'
import type { RouteMatch } from './match-route.ts'
import type { GatewayResponseType } from './response-types.ts'

/** One request on its way through the gateway, with the `$context` variables known so far (without `$context.`). */
export type Exchange = {
  readonly api: RestApi
  readonly stage: Stage
  readonly deployment: Deployment
  /** Its path without the stage. */
  readonly request: FrontRequest
  readonly arrivedAt: LocalTime
  readonly requestId: string
  /** Unique, and never what a caller sent. */
  readonly extendedRequestId: string
  readonly traceId: string
  readonly context: Map<string, string>
  match?: RouteMatch
}

/** Ends an exchange with one of the gateway's own responses. */
export class Refusal extends Error {
  readonly type: GatewayResponseType
  /** For responses whose type does not fix a status. */
  readonly status: number | undefined
  readonly text: string | undefined
  constructor(type: GatewayResponseType, options: { text?: string; status?: number } = {}) {
    super(type)
    this.name = 'Refusal'
    this.type = type
    this.status = options.status
    this.text = options.text
  }
}

/** The value of a variable in a template or an identity source; undefined when it is absent. */
export function variable(exchange: Exchange, scope: string, name: string): string | undefined {
  if (scope === 'context') return exchange.context.get(name)
  const { variables } = exchange.stage
  if (scope === 'stageVariables') return Object.hasOwn(variables, name) ? variables[name] : undefined
  const dot = name.indexOf('.')
  return requestParameter(exchange, name.slice(0, dot), name.slice(dot + 1))
}

/** `method.request.<where>.<name>`. */
function requestParameter(exchange: Exchange, where: string, name: string): string | undefined {
  if (where === 'header') return headerValue(exchange.request, name)
  if (where === 'querystring') return new URLSearchParams(exchange.request.query).getAll(name).at(-1)
  const { pathParameters } = exchange.match ?? { pathParameters: {} as Record<string, string> }
  return Object.hasOwn(pathParameters, name) ? pathParameters[name] : undefined
}
