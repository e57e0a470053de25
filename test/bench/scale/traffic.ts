import type { AccessRecord, UsageEvent } from '#api/contract'
import { derivedId } from '#kernel/ids'
import { type Instant, instant, type Period, parseInstant } from '#kernel/time'

/**
 * A month of calls, made from nothing but the numbers below: every process that asks gets the same ones. Requests come
 * in the order of their time; accounts are drawn by Zipf's law (exponent 1), so that of 10,000 accounts the greatest
 * makes a tenth of all calls and half of them a handful each.
 */
export type Traffic = { readonly events: number; readonly accounts: number }
export type Delivery = { readonly usage: readonly UsageEvent[]; readonly access: readonly AccessRecord[] }

export const MONTH: Period = {
  start: parseInstant('2026-11-01T00:00:00Z'),
  end: parseInstant('2026-12-01T00:00:00Z'),
}

/** Lines of one delivery of a log subscription. */
const DELIVERY_LINES = 1_000
/** Shares of requests. */
const REFUSED = 0.01
const FAILED = 0.03
const VOIDED = 0.003
/** Shares of deliveries that come twice, and that begin with the last lines of the one before. */
const REDELIVERED = 0.02
const OVERLAPPING = 0.3
const OVERLAP_LINES = 35
const KEYS_PER_ACCOUNT = 3
const ROUTES = ['POST /v1/email', 'POST /v1/phone', 'POST /v1/iban', 'POST /v1/vat', 'POST /v1/batch']
const BATCH_ROUTE = 4

export const accountIdsOf = ({ accounts }: Traffic): string[] => idsOf('acct', accounts)

/** `events` usage events, each at least once, with the access lines that the stage's log has of them. */
export function* deliver(traffic: Traffic): Generator<Delivery> {
  let last: Delivery | undefined
  let repeat: Delivery | undefined
  let n = 0
  for (const delivery of inOrder(traffic)) {
    n++
    const tail = last && chance(n, 11) < OVERLAPPING ? last.usage.slice(-OVERLAP_LINES) : []
    yield { ...delivery, usage: [...tail, ...delivery.usage] }
    if (repeat) yield repeat
    repeat = chance(n, 12) < REDELIVERED ? delivery : undefined
    last = delivery
  }
  if (repeat) yield repeat
}

function* inOrder({ events, accounts }: Traffic): Generator<Delivery> {
  const pick = zipf(accounts)
  const [accountIds, keyIds] = [accountIdsOf({ events, accounts }), idsOf('key', accounts * KEYS_PER_ACCOUNT)]
  // A little room, because the number of refused requests among them is only known in the end.
  const stepMs = (MONTH.end - MONTH.start) / ((events / (1 - REFUSED)) * 1.01 + 100)
  let usage: UsageEvent[] = []
  let access: AccessRecord[] = []
  for (let [i, served] = [0, 0]; served < events; i++) {
    const n = pick(chance(i, 1))
    const request = {
      id: requestId(i),
      account: accountIds[n] ?? '',
      key: keyIds[n * KEYS_PER_ACCOUNT + Math.floor(chance(i, 2) ** 2 * KEYS_PER_ACCOUNT)] ?? '',
      usedAt: usedAt(i, stepMs),
    }
    const kind = chance(i, 3)
    if (kind < REFUSED) {
      access.push({ ...request, route: 'ANY /{proxy+}', status: i % 3 === 0 ? 402 : 429 })
      continue
    }
    served++
    const route = Math.floor(chance(i, 4) * ROUTES.length)
    const status = kind < REFUSED + FAILED ? (i % 10 === 0 ? 500 : 422) : 200
    const units = route === BATCH_ROUTE ? 1 + Math.floor(chance(i, 5) * 100) : 1
    const durationMs = 2 + Math.floor(chance(i, 6) * 40)
    usage.push({
      ...request,
      route: ROUTES[route] ?? '',
      status,
      units: status < 400 ? units : 0,
      durationMs,
    })
    const seen = kind > 1 - VOIDED ? 504 : status
    if (seen >= 400) access.push({ ...request, route: 'ANY /{proxy+}', status: seen })
    if (usage.length < DELIVERY_LINES) continue
    yield { usage, access }
    usage = []
    access = []
  }
  yield { usage, access }
}

const usedAt = (i: number, stepMs: number): Instant =>
  instant(Math.floor(MONTH.start + (i + chance(i, 7)) * stepMs))

const idsOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => derivedId(prefix, 'bench', String(n)))

/** As API Gateway's extended request ids: 15 characters that compress badly. The first six tell all requests apart. */
const requestId = (i: number): string =>
  `${base64(mix(i, 21), 6)}${base64(mix(i, 22), 5)}${base64(mix(i, 23), 4)}=`

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
function base64(bits: number, length: number): string {
  let text = ''
  for (let n = 0; n < length; n++) text += BASE64[(bits >>> (6 * n)) & 63]
  return text
}

/** Maps a number between 0 and 1 to an account. */
function zipf(accounts: number): (at: number) => number {
  const sums = new Float64Array(accounts)
  let sum = 0
  for (let n = 0; n < accounts; n++) sums[n] = sum += 1 / (n + 1)
  return at => {
    let [low, high] = [0, accounts - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sums[middle] ?? 0) < at * sum) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A number from 0 up to 1 for the i-th thing, the same in every run. */
const chance = (i: number, about: number): number => mix(i, about) / 2 ** 32

/** MurmurHash3's finalizer: 32 well-mixed bits, different for every `i` of one `about`. */
function mix(i: number, about: number): number {
  let bits = (i + Math.imul(about, 0x9e3779b9)) | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
