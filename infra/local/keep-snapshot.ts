import { writeSnapshot } from './snapshot.ts'

/** Real time between two snapshots of a running cloud. */
export const SNAPSHOT_EVERY_MS = 30_000

export type SnapshotKeeper = {
  /** Takes one more snapshot and keeps no further ones. Rejects when that last one fails. */
  stop(): Promise<void>
}

/**
 * Keeps a folder's snapshot up to date: one now, one every 30 s, and one when it is stopped. One that fails (nothing is idle for a
 * minute, the disk is full) is reported and leaves the one before.
 */
export function keepSnapshot(options: {
  readonly dir: string
  readonly take: () => Promise<Buffer>
  readonly onError: (error: unknown) => void
  /** Calls `tick` every 30 s until the returned function is called. */
  readonly every?: (tick: () => void) => () => void
}): SnapshotKeeper {
  const { dir, take, onError, every = everyThirtySeconds } = options
  let latest: Promise<void> = Promise.resolve()
  let isRunning = false

  async function keep(): Promise<void> {
    await writeSnapshot(dir, await take())
  }

  function tick(): void {
    if (isRunning) return
    isRunning = true
    latest = keep()
      .catch(onError)
      .finally(() => {
        isRunning = false
      })
  }

  tick()
  const cancel = every(tick)
  return {
    async stop() {
      cancel()
      await latest
      await keep()
    },
  }
}

function everyThirtySeconds(tick: () => void): () => void {
  const timer = setInterval(tick, SNAPSHOT_EVERY_MS).unref()
  return () => clearInterval(timer)
}
