import { now } from '#kernel/clock'
import { createDynamoTable } from '#kernel/dynamo-table'
import { createLog } from '#kernel/log'
import { readAccessConfig } from '../config.ts'
import { createGateway } from './api-gateway.ts'
import { createAccessPorts } from './ports.ts'
import { tendGatewayKeys } from './tend-gateway-keys.ts'

const config = readAccessConfig()
const log = createLog('tend-gateway-keys')
const gateway = createGateway({ id: config.REST_API_ID, stage: config.REST_API_STAGE })
const ports = createAccessPorts(createDynamoTable(config.ACCESS_TABLE), gateway)

/** Every minute. Fails when a part failed, so that the alarm on errors sees it; the next tick tries again. */
export const handler = async (): Promise<void> => {
  let failed = 0
  await tendGatewayKeys(ports, now(), (part, error) => {
    failed++
    log.error(`Could not tend: ${part}`, error instanceof Error ? error : String(error))
  })
  if (failed > 0) throw new Error(`${failed} parts of the gateway keys could not be tended`)
}
