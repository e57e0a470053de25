import * as z from 'zod/mini'
import { readConfig, required } from '#kernel/config'

/** Environments of this service's deployables. The only reader of their `process.env`; infrastructure satisfies these types. */
const stage = z.enum(['live', 'test'])

/** `authorizer` and `api`: the request path. */
const requestPath = z.object({ ACCESS_TABLE: required, KEY_STAGE: stage })
export type RequestPathEnv = z.input<typeof requestPath>
export const readRequestPathConfig = () => readConfig(requestPath)

/** `access` procedures and `tend-gateway-keys`: the control plane. */
const access = z.object({
  ACCESS_TABLE: required,
  KEY_STAGE: stage,
  REST_API_ID: required,
  REST_API_STAGE: required,
})
export type AccessEnv = z.input<typeof access>
export const readAccessConfig = () => readConfig(access)
