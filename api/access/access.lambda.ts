import { accessContract } from '#api/contract'
import { createDynamoTable } from '#kernel/dynamo-table'
import { serve } from '#kernel/rpc'
import { readAccessConfig } from '../config.ts'
import { createGateway } from './api-gateway.ts'
import { createAccessPorts } from './ports.ts'
import { accessProcedures } from './procedures.ts'

const config = readAccessConfig()
const gateway = createGateway({ id: config.REST_API_ID, stage: config.REST_API_STAGE })
const ports = createAccessPorts(createDynamoTable(config.ACCESS_TABLE), gateway)

export const handler = serve(accessContract, accessProcedures({ ...ports, keyStage: config.KEY_STAGE }))
