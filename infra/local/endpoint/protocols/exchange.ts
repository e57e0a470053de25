import type { HttpAnswer, Service, ServiceError } from '../../contract.ts'
import { formOf } from '../form.ts'
import { decompressBody, type HttpRequest } from '../http-request.ts'
import { parseJsonBody } from '../json-body.ts'
import type { Matched } from '../routing.ts'
import { writeJsonFailure, writeJsonOutput } from './json.ts'
import { writeQueryFailure, writeQueryOutput } from './query.ts'
import { readQueryInput } from './query-input.ts'
import { readRestInput, writeRestFailure, writeRestOutput } from './rest-json.ts'
import { writeRestXmlFailure } from './rest-xml.ts'

/** The operation's input as its protocol carries it. */
export function readInput(matched: Matched, request: HttpRequest): Record<string, unknown> {
  if (matched.protocol === 'rest-json') return readRestInput(matched, request)
  if (matched.protocol === 'query') return readQueryInput(formOf(request))
  return parseJsonBody(decompressBody(request))
}

export function writeOutput(matched: Matched, output: unknown, requestId: string): HttpAnswer {
  const { service, operation, protocol } = matched
  if (protocol === 'query') return writeQueryOutput(service, operation, output, requestId)
  if (protocol === 'rest-json') return writeRestOutput(matched, output, requestId)
  return writeJsonOutput(service, output, requestId)
}

/** `request` is missing when it could not be read, `service` when nobody was found. */
export function writeFailure(
  failure: ServiceError,
  to: {
    readonly request: HttpRequest | undefined
    readonly service: Service | undefined
    readonly protocol: Service['protocol'] | undefined
    readonly requestId: string
  },
): HttpAnswer {
  const { request, service, protocol, requestId } = to
  if (protocol === 'query') return writeQueryFailure(service, failure, requestId)
  if (protocol === 'rest-xml') return writeRestXmlFailure(failure, requestId, request?.path ?? '/')
  if (protocol !== 'json') return writeRestFailure(failure, requestId)
  return writeJsonFailure(service, failure, requestId, request?.headers['x-amzn-query-mode'] === 'true')
}
