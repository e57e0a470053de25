import { format } from 'node:util'

const LEVELS = {
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  trace: 'TRACE',
} as const

export type Output = {
  /** Request id that `console` prints, as the Node runtime of Lambda does. */
  setRequestId(requestId: string | undefined): void
  /** Writes a line of the runtime itself in `console`'s format. */
  runtimeLine(level: string, message: string): void
  /** Hands over what has no newline yet. */
  flush(): void
}

/**
 * Sends everything printed to `post`, one message per log event: a `console` call is one event with time, request id and
 * level in front; other writes to stdout and stderr are one event a line.
 */
export function installOutput(post: (message: string) => void): Output {
  let requestId: string | undefined
  const streams = [process.stdout, process.stderr].map(stream => captureLines(stream, post))

  function runtimeLine(level: string, message: string): void {
    for (const stream of streams) stream.flush()
    post(`${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${message}`)
  }

  for (const [method, level] of Object.entries(LEVELS)) {
    const print = (...values: unknown[]) => runtimeLine(level, format(...values))
    Object.defineProperty(console, method, { value: print, writable: true, configurable: true })
  }
  return {
    setRequestId(id) {
      requestId = id
    },
    runtimeLine,
    flush() {
      for (const stream of streams) stream.flush()
    },
  }
}

function captureLines(stream: NodeJS.WriteStream, post: (message: string) => void): { flush(): void } {
  let partial = ''
  const decoder = new TextDecoder()

  function write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    partial += typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true })
    const lines = partial.split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) if (line !== '') post(line)
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }

  stream.write = write as typeof stream.write
  return {
    flush() {
      if (partial !== '') post(partial)
      partial = ''
    },
  }
}
