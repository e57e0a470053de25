import type { APIGatewayTokenAuthorizerEvent } from 'aws-lambda'
import { now } from '#kernel/clock'
import { createDynamoTable } from '#kernel/dynamo-table'
import { createAccessStore } from '../access/store.ts'
import { readRequestPathConfig } from '../config.ts'
import { authorize } from './authorize.ts'

const config = readRequestPathConfig()
const store = createAccessStore(createDynamoTable(config.ACCESS_TABLE))

export const handler = (event: APIGatewayTokenAuthorizerEvent) =>
  authorize({ store, keyStage: config.KEY_STAGE }, event, now())
