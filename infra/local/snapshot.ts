import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { LaterTimer, LocalClock } from './clock.ts'
import type { LocalTime, Service } from './contract.ts'

/** Raised when a state's shape changes, so that an older snapshot is refused and not misread. */
const VERSION = 2
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

/** As it lies in the file: what was captured at once is already bytes when the rest arrives. */
type Envelope = {
  readonly version: number
  readonly captured: Uint8Array
  readonly arrived: Readonly<Record<string, unknown>>
}

/** Takes everything at one instant: waits until nothing is in flight, then captures in one turn of the event loop. */
export async function takeSnapshot(
  clock: Pick<LocalClock, 'whenIdle' | 'inFlight' | 'now' | 'timers'>,
  parts: readonly Snapshotable[],
): Promise<Buffer> {
  // An advance waits for the same moment, and its next step may have begun before this continues.
  do await clock.whenIdle()
  while (Object.keys(clock.inFlight()).length > 0)
  const states = parts.flatMap(part => (part.snapshot ? [[part.name, part.snapshot()] as const] : []))
  const services = Object.fromEntries(states.filter(([, state]) => !(state instanceof Promise)))
  const snapshot: Snapshot = {
    version: VERSION,
    now: clock.now(),
    takenAt: Date.now(),
    timers: clock.timers(),
    services,
  }
  const captured = serialize(snapshot)
  const slow = states.filter(([, state]) => state instanceof Promise)
  const arrived = Object.fromEntries(
    await Promise.all(slow.map(async ([name, state]) => [name, await state] as const)),
  )
  return serialize({ version: VERSION, captured, arrived } satisfies Envelope)
}

/** Puts the services of a snapshot back, then the timers. A service that is new since keeps what its template says. */
export async function restoreSnapshot(
  snapshot: Snapshot,
  clock: Pick<LocalClock, 'restoreTimers'>,
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
    const { captured, arrived } = checked<Envelope>(deserialize(bytes))
    const snapshot = checked<Snapshot>(deserialize(captured))
    return { ...snapshot, services: { ...snapshot.services, ...arrived } }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${file} cannot be read (${why}). Start with --fresh to begin anew.`)
  }
}

/** Replaces the folder's snapshot in one step: a crash leaves the old one or the new one. */
export async function writeSnapshot(dir: string, bytes: Buffer): Promise<void> {
  await mkdir(dir, { recursive: true })
  const draft = join(dir, `${FILE}.draft`)
  const handle = await open(draft, 'w')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, join(dir, FILE))
}

function checked<T extends { readonly version: number }>(value: unknown): T {
  const read = value as T | null
  if (read?.version !== VERSION) throw new Error(`it is not of version ${VERSION}`)
  return read
}
