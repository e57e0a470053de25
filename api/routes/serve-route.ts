import type { Context, Handler } from 'hono'
import type { Log } from '#kernel/log'
import type { Table } from '#kernel/table'
import { type Instant, SECOND_MS, toIso } from '#kernel/time'
import type { Reservation, Reserved } from '../access/reserve.ts'
import { type Caller, requestIdOf } from '../metering/caller.ts'
import { charge } from '../metering/charge.ts'
import type { Env } from '../metering/meter.ts'
import { type Answer, nameOf, type Route } from './define-route.ts'
import { problemOf } from './problems.ts'
import { readInput } from './read-input.ts'

/** Parse, reserve, work, answer: the same for every route. */
export function serveRoute(
  route: Route,
  { table, log }: { readonly table: Table; readonly log: Log },
): Handler<Env> {
  return async c => {
    c.set('route', nameOf(route))
    const requestId = requestIdOf(c.env.requestContext)
    const read = await readInput(c, route)
    if ('code' in read) {
      const { code, detail, errors } = read
      return problemOf(code, detail, requestId, errors && { errors })
    }
    const caller = c.get('caller')
    const input = read.input as never
    const charged = await charge(
      table,
      caller,
      route.maxUnits(input),
      async (): Promise<{ value: Written; units: number }> => {
        const answer = await route.run(input)
        if ('problem' in answer) return { value: answer, units: 0 }
        // Written down while the units can still be given back.
        return { value: { json: JSON.stringify(answer.body) }, units: answer.units }
      },
      error =>
        log.error('Reserved units were not given back', error instanceof Error ? error : String(error)),
    )
    if (charged.outcome === 'refused')
      return refusal(charged, route.maxUnits(input), caller.usedAt, requestId)
    if (charged.allowance) setAllowance(c, charged.allowance, caller)
    return answer(c, charged.value, charged.units, requestId)
  }
}

type Written = { readonly json: string } | Extract<Answer<unknown>, { readonly problem: unknown }>

function answer(c: Context<Env>, value: Written, units: number, requestId: string): Response {
  if ('problem' in value) return problemOf(value.problem.code, value.problem.detail, requestId)
  c.set('units', units)
  return c.body(value.json, 200, { 'content-type': 'application/json' })
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ with units as what is counted. */
function setAllowance(
  c: Context<Env>,
  { limitUnits, leftUnits, segmentEnd, reason }: Reservation,
  caller: Caller,
): void {
  const name = `"${reason}"`
  const seconds = segmentEnd === undefined ? '' : `;t=${secondsUntil(segmentEnd, caller.usedAt)}`
  c.header('RateLimit-Policy', `${name};q=${limitUnits}`)
  c.header('RateLimit', `${name};r=${Math.max(0, leftUnits)}${seconds}`)
}

const REFUSAL_CODE = {
  quota: 'quota_exceeded',
  spend_cap: 'spend_cap_reached',
  key_cap: 'key_cap_reached',
} as const
const REFUSAL_NAME = {
  quota: 'This period’s units',
  spend_cap: 'The units that the spend cap allows',
  key_cap: 'The units that this key may use in a period',
} as const

function refusal(
  refused: Extract<Reserved, { outcome: 'refused' }>,
  units: number,
  usedAt: Instant,
  requestId: string,
): Response {
  const { reason, liftsAt, leftUnits } = refused
  const left = Math.max(0, leftUnits)
  const when = liftsAt === undefined ? '' : ` They are renewed at ${toIso(liftsAt)}.`
  const detail =
    left === 0
      ? `${REFUSAL_NAME[reason]} are used up.${when}`
      : `This call may cost ${units} units and ${left} are left: a smaller one may pass.${when}`
  return problemOf(
    REFUSAL_CODE[reason],
    detail,
    requestId,
    { leftUnits: left, ...(liftsAt !== undefined && { liftsAt: toIso(liftsAt) }) },
    liftsAt === undefined ? {} : { 'Retry-After': String(secondsUntil(liftsAt, usedAt)) },
  )
}

const secondsUntil = (at: Instant, from: Instant): number => Math.max(1, Math.ceil((at - from) / SECOND_MS))
