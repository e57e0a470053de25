import { UnsupportedError } from '../../../contract.ts'
import { functionArnOf, text } from '../../../http-front/properties.ts'
import type { Gateway } from '../gateway.ts'
import { findApi } from '../operations/find.ts'
import type { RestApi } from '../state.ts'

/** The REST API that a resource names. */
export const apiOf = (gateway: Gateway, properties: Readonly<Record<string, unknown>>): RestApi =>
  findApi(gateway, text(properties, 'RestApiId'))

export function lambdaOf(uri: string): { uri: string; functionArn: string } {
  const functionArn = functionArnOf(uri)
  if (functionArn === undefined) throw new UnsupportedError(`the integration URI ${uri}`)
  return { uri, functionArn }
}
