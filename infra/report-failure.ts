import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Says why a start failed: the messages of the error and its causes. The stack trace, which helps only those who change
 * the code, goes to a file. Answers the exit code.
 */
export async function reportFailure(error: unknown, buildDir: string): Promise<1> {
  const file = join(buildDir, 'start-failure.log')
  const written = await mkdir(buildDir, { recursive: true })
    .then(() => writeFile(file, `${new Date().toISOString()}\n${traceOf(error)}\n`))
    .then(() => `\nWhere in the code: ${file}`)
    .catch(() => '')
  console.error(`Tollgate could not start.\n${messagesOf(error).join('\n')}${written}`)
  return 1
}

/** The message of an error, and of each cause that says something new. */
export function messagesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  const causes = error.cause === undefined ? [] : messagesOf(error.cause)
  return [error.message || error.name, ...causes.filter(cause => !error.message.includes(cause))]
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by ${traceOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
