import * as z from 'zod/mini'
import { instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'
import { type Hour, hourOf, type Instant, instant, MINUTE_MS, plusMs } from '#kernel/time'

/**
 * Once an hour every account that is due for a report gets one turn, in the order of the ids, over as many runs as that
 * takes: the round of the hour. One item, `pk report-round`, `sk round`. A run holds the round while it works, so that
 * the next minute's run does not go over the same accounts; a run that was cut off lets go by itself.
 */
export type Round = {
  readonly hour: Hour
  /** Everybody up to this account had a turn. */
  readonly after: string
  readonly isDone: boolean
  /** Runs that held rounds so far: whoever holds one writes it only if nobody did since. */
  readonly turn: number
  readonly heldUntil: Instant
}

/** Longer than the job's timeout (55 s): whoever held the round longer ago than this is stopped for good. */
const HELD_MS = MINUTE_MS

const KEY = { pk: 'report-round', sk: 'round' }
const schema = z.object({
  hour: z.string(),
  after: z.string(),
  isDone: z.boolean(),
  turn: z.int(),
  heldUntil: instantSchema,
})

/** The round to go on with: an unfinished one, or that of a new hour. None when the hour's is done or held. */
export async function findRound(billing: Table, slot: Instant, now: Instant): Promise<Round | undefined> {
  const item = await billing.get(KEY)
  const hour = hourOf(slot)
  if (!item) return { hour, after: '', isDone: false, turn: 0, heldUntil: instant(0) }
  const round = z.parse(schema, item)
  if (round.heldUntil > now || (round.isDone && round.hour >= hour)) return undefined
  return round.isDone ? { ...round, hour, after: '', isDone: false } : round
}

/** Undefined when another run was faster. */
export async function holdRound(billing: Table, found: Round, now: Instant): Promise<Round | undefined> {
  const held = { ...found, turn: found.turn + 1, heldUntil: plusMs(now, HELD_MS) }
  const unchanged = found.turn === 0 ? isNew : [{ path: 'turn', equals: found.turn }]
  return (await billing.put({ ...KEY, ...held }, unchanged)) ? held : undefined
}

/** Lets go of a round, with what was done of it. */
export async function leaveRound(
  billing: Table,
  held: Round,
  progress: Pick<Round, 'after' | 'isDone'>,
): Promise<void> {
  const item = { ...KEY, ...held, ...progress, heldUntil: instant(0) }
  await billing.put(item, [{ path: 'turn', equals: held.turn }])
}
