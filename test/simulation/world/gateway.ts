import { gzipSync } from 'node:zlib'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '#kernel/time'
import { authorize } from '../../../api/authorizer/authorize.ts'
import { type Caller, callerOf } from '../../../api/metering/caller.ts'
import { charge } from '../../../api/metering/charge.ts'
import { FUNCTIONS, LOG_GROUPS } from '../../../infra/aws/names.ts'
import type { Random } from '../random.ts'
import type { Product } from './product.ts'

/** When a log line surely was in the ledger, and when it may have been for the first time. */
export type Arrival = { triedAt: number; takenAt: number }

/** What truly happened to one request. The oracle reads nothing else about usage. */
export type TrueCall = {
  readonly id: string
  readonly accountId: string
  readonly usedAt: number
  /** Units that the client got an answer for: what the call may cost. */
  readonly units: number
  /** Units on its usage line. */
  readonly charged: number
  /** Arrival of the line that charges it; null when none was printed. */
  readonly usage: Arrival | null
  /** Arrival of the line that voids the charge; null when the client saw no 5xx. */
  readonly voided: Arrival | null
}

/** What becomes of a call: served, refused by the route, died before or after its usage line was printed. */
export type Fate = 'served' | 'invalid' | 'died' | 'cut_off'
export type ApiKey = { readonly accountId: string; readonly secret: string }

type Line = { readonly group: string; readonly text: string; readonly arrival: Arrival | null }
const AUTHORIZER_CACHE_MS = MINUTE_MS
const METHOD_ARN = 'arn:aws:execute-api:us-east-1:000000000000:api/prod/POST/v1/batch'

export type ApiGateway = ReturnType<typeof createApiGateway>

/** The metered API as its log sees it: authorizer with its cache, hard limit, route, usage and access lines. */
export function createApiGateway(product: Product, random: Random) {
  const { clock, effects, functions, accessPorts, tables } = product
  const calls: TrueCall[] = []
  const cached = new Map<string, { readonly at: number; readonly context: object | null }>()
  const lines: Line[] = []
  let count = 0

  /** The authorizer's context; null when the account is blocked or the key unknown. */
  const contextOf = async ({ secret }: ApiKey): Promise<object | null> => {
    const known = cached.get(secret)
    if (known && clock.now() - known.at < AUTHORIZER_CACHE_MS) return known.context
    const event = { authorizationToken: `Bearer ${secret}`, methodArn: METHOD_ARN }
    const answer = await authorize(accessPorts, event, product.now())
    const allowed = answer.policyDocument.Statement[0]?.Effect === 'Allow'
    const context = allowed ? (answer.context ?? {}) : null
    cached.set(secret, { at: clock.now(), context })
    return context
  }

  const print = (group: string, line: object, arrival: Arrival | null) =>
    void lines.push({ group, text: JSON.stringify(line), arrival })
  const newArrival = (): Arrival => ({ triedAt: Number.POSITIVE_INFINITY, takenAt: Number.POSITIVE_INFINITY })

  /** One request. Its lines wait for `flush`. */
  const request = async (key: ApiKey, units: number, fate: Fate): Promise<number> => {
    const usedAt = product.now()
    const id = `call-${++count}`
    let caller: Caller
    try {
      const context = await contextOf(key)
      if (context === null) return 402
      caller = callerOf({ extendedRequestId: id, requestTimeEpoch: usedAt, authorizer: context })
    } catch {
      return 503
    }
    const { accountId, keyId } = caller
    const access = (status: number, arrival: Arrival | null = null) => {
      const line = { id, account: accountId, key: keyId, route: 'POST /{proxy+}', status, usedAt }
      print(LOG_GROUPS.access, line, arrival)
      return status
    }
    const served = (status: number, cost: number): Arrival => {
      const arrival = newArrival()
      const line = { id, account: accountId, key: keyId, route: 'POST /v1/batch', units: cost }
      const numbers = { status: String(status), usedAt: String(usedAt), durationMs: '12' }
      print(LOG_GROUPS.apiFunction, { ...line, ...numbers }, arrival)
      return arrival
    }
    const cost = fate === 'invalid' ? 0 : units
    const outcome = await chargeCall(product, caller, units, cost, fate)
    if (outcome === 'died') return access(502)
    if (outcome === 'refused') {
      served(429, 0)
      return access(429)
    }
    if (fate === 'invalid') {
      served(422, 0)
      return access(422)
    }
    const usage = served(200, cost)
    const voided = fate === 'cut_off' ? newArrival() : null
    if (voided) access(504, voided)
    calls.push({ id, accountId, usedAt, units: voided ? 0 : cost, charged: cost, usage, voided })
    return voided ? 504 : 200
  }

  /** Hands over what was printed, cut into deliveries that come late, twice, overlapping and in any order. */
  const flush = () => {
    const printed = lines.splice(0)
    for (const group of new Set(printed.map(line => line.group))) {
      const all = printed.filter(line => line.group === group)
      const size = random.between(1, all.length)
      const overlap = random.chance(0.2) ? 1 : 0
      for (let from = 0; from < all.length; from += size)
        deliver(group, all.slice(Math.max(0, from - overlap), from + size))
    }
  }

  const deliver = (group: string, some: readonly Line[]) => {
    const logEvents = some.map(({ text }, n) => ({ id: `${n}`, timestamp: 0, message: text }))
    const delivery = { messageType: 'DATA_MESSAGE', logGroup: group, logStream: 's', logEvents }
    const data = gzipSync(JSON.stringify(delivery)).toString('base64')
    const copies = effects.schedule() && random.chance(0.1) ? 2 : 1
    for (let copy = 0; copy < copies; copy++)
      clock.after(logDelay(random), () => {
        const triedAt = clock.now()
        for (const { arrival } of some) if (arrival) arrival.triedAt = Math.min(arrival.triedAt, triedAt)
        functions.invokeLater(FUNCTIONS.recordUsage, { awslogs: { data } }, () => {
          for (const { arrival } of some)
            if (arrival) arrival.takenAt = Math.min(arrival.takenAt, clock.now())
        })
      })
  }

  return { calls: (): readonly TrueCall[] => calls, request, flush, counterTable: tables.access.quiet }
}

/** Runs the call in an invocation of the api function; it may die with units reserved. */
async function chargeCall(
  { invocations, accessPorts, effects }: Product,
  caller: Caller,
  maxUnits: number,
  cost: number,
  fate: Fate,
): Promise<'done' | 'refused' | 'died'> {
  try {
    const charged = await invocations.run(FUNCTIONS.api, 10 * SECOND_MS, () =>
      charge(
        accessPorts.table,
        caller,
        maxUnits,
        async () => {
          if (fate === 'died') invocations.current()?.die('Runtime.ExitError')
          await effects.cross({ name: 'route', kinds: [], run: () => undefined })
          return { units: cost, value: null }
        },
        () => undefined,
      ),
    )
    return charged.outcome === 'refused' ? 'refused' : 'done'
  } catch {
    return 'died'
  }
}

/** Mostly seconds; sometimes hours; now and then longer than any drain. */
function logDelay(random: Random): number {
  const kind = random.weighted({ usual: 80, minutes: 8, hours: 8, days: 4 })
  if (kind === 'usual') return random.between(50, 5 * SECOND_MS)
  if (kind === 'minutes') return random.between(MINUTE_MS, HOUR_MS)
  return kind === 'hours' ? random.between(HOUR_MS, 23 * HOUR_MS) : random.between(DAY_MS, 3 * DAY_MS)
}

export type { Instant }
