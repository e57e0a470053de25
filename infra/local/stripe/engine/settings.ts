/** What an account's dashboard, or Stripe's own pace, decides. All durations are on the engine's clock. */
export type Settings = {
  /** Root of hosted pages, without a trailing slash. */
  readonly baseUrl: string
  /** How long usage takes to reach event summaries. Stripe publishes no figure. */
  readonly aggregationDelayMs: number
  /** How long a renewal's draft waits: "approximately an hour". */
  readonly draftSeconds: number
  /** Automatic collection follows the call that asked for it. */
  readonly collectionDelayMs: number
  /** Days between failed payments. */
  readonly paymentRetryDays: readonly number[]
  /** What becomes of a subscription whose last retry failed. */
  readonly afterLastRetry: 'leave_past_due' | 'mark_unpaid' | 'cancel'
  /** Of automatic tax, by country code; others pay none. */
  readonly taxPercentByCountry: Readonly<Record<string, number>>
  /** `incomplete` becomes `incomplete_expired`. */
  readonly incompleteSeconds: number
  /** Identifiers of meter events are unique for at least this long. */
  readonly identifierSeconds: number
  /** Below this an invoice is not charged but carried on the customer's balance: https://docs.stripe.com/currencies. */
  readonly minimumChargeMinor: Readonly<Record<string, number>>
  /** `null`: none. See `RATE_LIMITS`. */
  readonly rateLimits: RateLimits | null
  readonly webhookRetryDelaysMs: readonly number[]
  readonly eventRetentionSeconds: number
}

export type RateLimits = {
  readonly perSecond: number
  readonly perEndpointPerSecond: number
  /** `null`: reported usage counts as any other call. */
  readonly meterEventsPerSecond: number | null
}

/** https://docs.stripe.com/rate-limits */
export const RATE_LIMITS = {
  sandbox: { perSecond: 25, perEndpointPerSecond: 25, meterEventsPerSecond: null },
  live: { perSecond: 100, perEndpointPerSecond: 25, meterEventsPerSecond: 1_000 },
} as const satisfies Record<string, RateLimits>

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export const API_VERSION = '2026-10-28.endive'

export const DEFAULT_SETTINGS: Omit<Settings, 'baseUrl'> = {
  aggregationDelayMs: 5_000,
  draftSeconds: 3_600,
  collectionDelayMs: 1_000,
  paymentRetryDays: [3, 5, 7],
  afterLastRetry: 'leave_past_due',
  taxPercentByCountry: {},
  incompleteSeconds: 23 * 3_600,
  identifierSeconds: 24 * 3_600,
  minimumChargeMinor: {
    usd: 50,
    eur: 50,
    aud: 50,
    cad: 50,
    chf: 50,
    nzd: 50,
    sgd: 50,
    brl: 50,
    gbp: 30,
    jpy: 50,
    hkd: 400,
    mxn: 1_000,
    sek: 300,
    nok: 300,
    dkk: 250,
    pln: 200,
    ron: 200,
    aed: 200,
    myr: 200,
    czk: 1_500,
    huf: 17_500,
    inr: 50,
    thb: 1_000,
  },
  rateLimits: null,
  // Live mode tries for three days with growing pauses: https://docs.stripe.com/webhooks#retries.
  webhookRetryDelaysMs: [
    MINUTE_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    22 * HOUR_MS,
    32 * HOUR_MS,
  ],
  eventRetentionSeconds: 30 * 86_400,
}
