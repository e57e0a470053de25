import type { LocalCloud, LogLine } from '../contract.ts'

export type LogLines = {
  /** Takes a line for a stream of a log group. Lines of one turn of the event loop are written together. */
  add(logGroup: string, logStream: string, line: LogLine): void
}

/** Writes access logs. The cloud is busy until the lines are with their log group. */
export function createLogLines(cloud: LocalCloud): LogLines {
  const pending = new Map<string, { logGroup: string; logStream: string; lines: LogLine[] }>()
  let done: (() => void) | undefined

  function flush(): void {
    const batches = [...pending.values()]
    pending.clear()
    try {
      for (const { logGroup, logStream, lines } of batches) cloud.putLogs(logGroup, logStream, lines)
    } catch (error) {
      cloud.journal({ source: 'access log', summary: 'lines could not be written', detail: String(error) })
    } finally {
      done?.()
      done = undefined
    }
  }

  return {
    add(logGroup, logStream, line) {
      if (done === undefined) {
        done = cloud.clock.busy('access log')
        setImmediate(flush)
      }
      const name = `${logGroup}\n${logStream}`
      const batch = pending.get(name) ?? { logGroup, logStream, lines: [] }
      batch.lines.push(line)
      pending.set(name, batch)
    },
  }
}
