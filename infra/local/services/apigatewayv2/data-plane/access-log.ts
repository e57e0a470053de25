import type { LocalCloud } from '../../../contract.ts'
import type { HttpApi, Stage } from '../state.ts'
import type { Exchange, HttpReply } from './exchange.ts'

const VARIABLE = /\$context\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)/g
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Writes the one line of a request, where the stage has an access log. Absent variables are `-`. */
export function writeAccessLog(
  cloud: LocalCloud,
  api: HttpApi,
  stage: Stage,
  exchange: Exchange,
  reply: HttpReply,
): void {
  if (stage.accessLog === undefined) return
  const now = cloud.clock.now()
  const { context } = exchange
  context.set('status', String(reply.status))
  context.set('responseLength', String(reply.body.length))
  context.set('responseLatency', String(now - exchange.arrivedAt))
  const message = stage.accessLog.format.replace(VARIABLE, (_whole, name: string) => context.get(name) ?? '-')
  const lines = [{ timestamp: now, message: message.trimEnd() }]
  cloud.putLogs(stage.accessLog.logGroup, `${api.id}_${stage.name}`, lines)
}

/** `22/Nov/2026:15:03:33 +0000`. */
export function commonLogTime(time: number): string {
  const iso = new Date(time).toISOString()
  const month = MONTHS[Number(iso.slice(5, 7)) - 1]
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}
