import type { Invocations } from './invocations.ts'

/**
 * Which partitions each job read in its last run, and who wants to know of writes to them: what a level-triggered job
 * did not read cannot have changed its mind.
 */
export type Reads = ReturnType<typeof createReads>

export function createReads(invocations: Invocations) {
  const readBy = new Map<string, Set<string>>()
  const listeners: ((partition: string) => void)[] = []
  let writes = 0
  return {
    /** Forgets what a job has read, and answers where its next reads are noted. */
    begin(functionName: string): ReadonlySet<string> {
      const partitions = new Set<string>()
      readBy.set(functionName, partitions)
      return partitions
    },
    read(partition: string): void {
      const functionName = invocations.current()?.functionName
      if (functionName !== undefined) readBy.get(functionName)?.add(partition)
    },
    wrote(partition: string): void {
      writes++
      for (const listener of listeners) listener(partition)
    },
    onWrite: (listener: (partition: string) => void): void => void listeners.push(listener),
    /** Writes so far. */
    writes: () => writes,
  }
}
