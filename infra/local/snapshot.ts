import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { LaterTimer, LocalClock } from './clock.ts'
import type { LocalTime, Service } from './contract.ts'

/** Raised when a state's shape changes, so that an older snapshot is refused and not misread. */
const VERSION = 1
const FILE = 'tollgate.snapshot'

/** Everything that was made at run time, at one instant of local time. Structured-cloneable. */
export type Snapshot = {
  readonly version: number
  readonly now: LocalTime
  /** Wall time at `now`, to know how long the cloud was away. */
  readonly takenAt: number
  readonly timers: readonly LaterTimer[]
  /** By the service's name. */
  readonly services: Readonly<Record<string, unknown>>
}

/** What can be put into a snapshot: a service, or the Stripe stand-in. */
export type Snapshotable = Pick<Service, 'name' | 'snapshot' | 'restore'>

/** Takes everything at one instant: waits until nothing is in flight, then captures in one turn of the event loop. */
export async function takeSnapshot(clock: LocalClock, parts: readonly Snapshotable[]): Promise<Buffer> {
  await clock.whenIdle()
  const captured = parts.flatMap(part => (part.snapshot ? [[part.name, part.snapshot()] as const] : []))
  const head = { version: VERSION, now: clock.now(), takenAt: Date.now(), timers: clock.timers() }
  // What can be captured at once is serialized before anybody can change it.
  const immediate = captured.filter(([, state]) => !(state instanceof Promise))
  const frozen: unknown = deserialize(serialize({ ...head, services: Object.fromEntries(immediate) }))
  const slow = captured.filter(([, state]) => state instanceof Promise)
  const settled = await Promise.all(slow.map(async ([name, state]) => [name, await state] as const))
  const snapshot = asSnapshot(frozen)
  return serialize({
    ...snapshot,
    services: { ...snapshot.services, ...Object.fromEntries(settled) },
  } satisfies Snapshot)
}

/** Puts the services of a snapshot back, then the timers. A service that is new since keeps what its template says. */
export async function restoreSnapshot(
  snapshot: Snapshot,
  clock: LocalClock,
  parts: readonly Snapshotable[],
): Promise<void> {
  for (const part of parts) {
    const state = snapshot.services[part.name]
    if (state !== undefined) await part.restore?.(state)
  }
  clock.restoreTimers(snapshot.timers)
}

/** Reads the snapshot of a folder; `undefined` when it has none. Throws when it is no snapshot of this version. */
export async function readSnapshot(dir: string): Promise<Snapshot | undefined> {
  const file = join(dir, FILE)
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (bytes === undefined) return undefined
  try {
    return asSnapshot(deserialize(bytes))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${file} cannot be read (${why}). Start with --fresh to begin anew.`)
  }
}

/** Replaces the folder's snapshot in one step: a crash leaves the old one or the new one. */
export async function writeSnapshot(dir: string, bytes: Buffer): Promise<void> {
  await mkdir(dir, { recursive: true })
  const draft = join(dir, `${FILE}.${process.pid}`)
  await writeFile(draft, bytes)
  await rename(draft, join(dir, FILE))
}

function asSnapshot(value: unknown): Snapshot {
  const snapshot = value as Partial<Snapshot> | null
  if (snapshot?.version !== VERSION) throw new Error(`it is not of version ${VERSION}`)
  return snapshot as Snapshot
}
