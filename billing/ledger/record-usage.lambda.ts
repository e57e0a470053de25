import { createDynamoTable } from '#kernel/dynamo-table'
import { createLog } from '#kernel/log'
import { readRecordUsageConfig } from '../config.ts'
import { createPoisonQueue } from './poison-queue.ts'
import { recordUsage } from './record-usage.ts'

const config = readRecordUsageConfig()
const log = createLog('record-usage')
const ports = {
  ledger: createDynamoTable(config.LEDGER_TABLE),
  sendPoison: createPoisonQueue(config.POISON_QUEUE_URL),
}

/** Log subscription of usage and access lines. */
export const handler = async (event: unknown): Promise<void> => {
  const recorded = await recordUsage(ports, event)
  if (recorded.poison > 0) log.error('lines went to the dead letters', recorded)
}
