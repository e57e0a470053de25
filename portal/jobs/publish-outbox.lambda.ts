import { now } from '#kernel/clock'
import { createDynamoTable } from '#kernel/dynamo-table'
import { publishStranded } from '#kernel/outbox'
import { createPublisher } from '#kernel/publish'
import { readOutboxConfig } from '../config.ts'
import { EVENT_SOURCE } from '../contract/index.ts'

const config = readOutboxConfig()
const table = createDynamoTable(config.PORTAL_TABLE)
const publish = createPublisher(config.EVENT_BUS, EVENT_SOURCE)

/** Scheduled: publishes the events that a crash left behind. */
export const handler = () => publishStranded(table, publish, now())
