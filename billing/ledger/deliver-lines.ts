import { gzipSync } from 'node:zlib'
import type { Invoke } from '#kernel/rpc'

export type LogLine = { readonly id: string; readonly timestamp: number; readonly message: string }
export type LogSource = { readonly logGroup: string; readonly logStream: string }

/** Hands log lines to `record-usage` as their subscription would have. Throws unless it took them. */
export type DeliverLines = (source: LogSource, lines: readonly LogLine[]) => Promise<void>

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
export const createDeliverLines =
  (invokeRecordUsage: Invoke): DeliverLines =>
  async ({ logGroup, logStream }, lines) => {
    const delivery = {
      ...{ messageType: 'DATA_MESSAGE', owner: 'replay', logGroup, logStream },
      ...{ subscriptionFilters: ['replay'], logEvents: lines },
    }
    const data = gzipSync(JSON.stringify(delivery)).toString('base64')
    await invokeRecordUsage({ awslogs: { data } })
  }
