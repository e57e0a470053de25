import { performance } from 'node:perf_hooks'
import { type Operation, RawResponse, type Route, ServiceError } from '../../contract.ts'
import { controlPlaneLimits } from './control-plane-limits.ts'
import type { ControlOperation, Gateway } from './gateway.ts'
import { OPERATIONS } from './operations/index.ts'
import { readInput } from './read-input.ts'

type AnyOperation = ControlOperation<Record<string, unknown>, unknown>

export const routes = (): Route[] =>
  Object.entries(OPERATIONS).map(([operation, { method, path, status }]) => ({
    operation,
    method,
    path,
    status: status ?? 200,
  }))

export function operations(gateway: Gateway): Record<string, Operation> {
  const limit = controlPlaneLimits(
    () => gateway.cloud.clock.now(),
    () => performance.now(),
  )
  return Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, operation]) => [name, bind(gateway, name, operation, limit)]),
  )
}

/** Parameters, permission, rate limit, effect: what every operation has in common. */
function bind(
  gateway: Gateway,
  name: string,
  operation: AnyOperation,
  limit: (operation: string) => number | undefined,
): Operation {
  return (given, context) => {
    const input = readInput(name, given, operation.parameters)
    context.authorize(`apigateway:${operation.method}`, resourceArn(gateway, operation, input))
    const retryAfterSeconds = limit(name)
    if (retryAfterSeconds !== undefined) return tooManyRequests(gateway, name, retryAfterSeconds)
    return operation.run(gateway, input, context)
  }
}

/** Only this failure has a header of its own, where the SDK finds `retryAfterSeconds`. */
function tooManyRequests({ cloud }: Gateway, operation: string, retryAfterSeconds: number): RawResponse {
  const { code, message, status } = new ServiceError('TooManyRequestsException', 'Too Many Requests', 429)
  cloud.journal({ source: 'apigateway', summary: `${operation}: ${code}: ${message}` })
  const headers = {
    'content-type': 'application/json',
    'x-amzn-errortype': code,
    'retry-after': String(retryAfterSeconds),
  }
  return new RawResponse(status, headers, JSON.stringify({ message, __type: code }))
}

/** IAM knows the control plane by HTTP method and path: `arn:aws:apigateway:us-east-1::/usageplans/abc/keys`. */
function resourceArn(gateway: Gateway, operation: AnyOperation, input: Record<string, unknown>): string {
  const byWire = new Map(
    Object.entries(operation.parameters).map(([name, parameter]) => [parameter.wire ?? name, input[name]]),
  )
  const path = operation.path.replace(/\{(\w+)\+?\}/g, (_whole, wire: string) =>
    String(byWire.get(wire) ?? ''),
  )
  return `arn:aws:apigateway:${gateway.cloud.region}::${path}`
}
