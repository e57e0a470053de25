import type { FrontReply } from '../../../http-front/message.ts'
import { fill } from '../../../http-front/variables.ts'
import type { HttpApis } from '../http-apis.ts'
import type { Exchange } from './exchange.ts'

/** Writes the one line of a request, where the stage has an access log. Absent variables are `-`. */
export function writeAccessLog(service: HttpApis, exchange: Exchange, reply: FrontReply): void {
  const { api, stage, context } = exchange
  if (stage.accessLog === undefined) return
  const timestamp = service.cloud.clock.now()
  const responseBytes = Buffer.byteLength(reply.body)
  context.set('status', String(reply.status))
  context.set('responseLength', String(responseBytes))
  context.set('dataProcessed', String((exchange.request.body?.length ?? 0) + responseBytes))
  context.set('responseLatency', String(timestamp - exchange.arrivedAt))
  const variable = (scope: string, name: string) => (scope === 'context' ? context.get(name) : undefined)
  const message = fill(stage.accessLog.template, variable, () => '-').trimEnd()
  service.logLines.add(stage.accessLog.logGroup, `${api.id}_${stage.name}`, { timestamp, message })
}
