/**
 * What is not in the templates: how the product is used, and what a piece of work takes. Every number here is an
 * assumption; the printed report lists them. Traffic is even over the month, which makes for more and smaller pieces of
 * work than busy hours would: the estimate errs upwards.
 */
export type Workload = {
  /** Calls that reach the api function, a month. */
  readonly calls: bigint
  readonly accounts: bigint
  /** Minutes with at least one call, summed over the accounts, and over their keys. */
  readonly accountMinutes: bigint
  readonly keyMinutes: bigint
  /** The same by hours. */
  readonly accountHours: bigint
  /** Batches that record-usage writes: one for each account in a delivery. */
  readonly batches: bigint
}

/**
 * Accounts drawn by Zipf's law (exponent 1), two keys each, a delivery of log lines every five seconds: the number of
 * different ones in a window is the sum of 1 − e^(−calls of the account in the window).
 */
export const WORKLOADS: readonly Workload[] = [
  {
    ...{ calls: 1_000_000n, accounts: 100n, accountMinutes: 664_569n },
    ...{ keyMinutes: 773_999n, accountHours: 70_834n, batches: 946_320n },
  },
  {
    ...{ calls: 100_000_000n, accounts: 2_000n, accountMinutes: 29_904_387n },
    ...{ keyMinutes: 37_940_548n, accountHours: 1_439_971n, batches: 59_277_552n },
  },
  {
    ...{ calls: 1_000_000_000n, accounts: 10_000n, accountMinutes: 202_110_016n },
    ...{ keyMinutes: 267_207_985n, accountHours: 7_200_000n, batches: 445_135_699n },
  },
]

export const ASSUMPTIONS = {
  /** Deliveries of one subscription; fewer when there are fewer lines. */
  deliveriesAMonth: 518_400n,
  /** Requests refused at the door (429, 402, 403), for a thousand calls: gateway and access log, no function. */
  refusedPerThousand: 10n,
  /** Calls of accounts with a hard limit, for a hundred calls. */
  cappedPerHundred: 30n,
  /** Bytes of an answer with its headers. */
  answerBytes: 1_100n,
  /** Bytes of log lines; CloudWatch adds 26 to each. */
  usageLineBytes: 560n + 26n,
  accessLineBytes: 330n + 26n,
  /** START, END and REPORT of one invocation. */
  platformLineBytes: 330n + 3n * 26n,
  /** The log events of one state of a machine. */
  transitionBytes: 1_000n,
  /** Of log storage, for a hundred bytes taken in. */
  compressedPerHundred: 15n,
  /** Metrics of a usage line × routes × plans. */
  usageMetrics: 2n * 6n * 3n,
  /** Count, latency, integration latency, 4xx and 5xx of one method. */
  metricsPerMethod: 5n,
  /** Bytes that a batch and an hour total occupy in the ledger. */
  batchBytes: 400n,
  hourTotalBytes: 600n,
  /** A month, for one account. */
  pagesPerAccount: 30n,
  factsPerAccount: 20n,
  /** Passes through the waiting loop of a machine, each of three states, before it goes on. */
  machineLoops: 5n,
} as const

/** Milliseconds billed, at the memory that the functions have now; doubling it halves only what computes. */
export const DURATIONS = {
  authorizerMs: 15n,
  callMs: 25n,
  deliveryMs: 30n,
  /** Microseconds of record-usage for a line and for a batch. */
  deliveryLineUs: 100n,
  deliveryBatchUs: 1_000n,
  /** A scheduled run that finds nothing. */
  idleRunMs: 40n,
  rollUpAccountMs: 40n,
  reportAccountMs: 75n,
  pageMs: 80n,
  factMs: 40n,
  stepMs: 300n,
} as const

/** Request units of DynamoDB; `request-units.test.ts` counts those of the code. */
export const REQUEST_UNITS = {
  /** Pointer and document. */
  authorizerMiss: { reads: 2n, writes: 0n },
  /** Reserving, and every second time giving back. */
  cappedCall: { reads: 0n, writes: 2n },
  /** Batch and dirty marker. */
  batch: { reads: 0n, writes: 2n },
  /** In the middle of a period: most reads are the hour totals of the period, for thresholds. */
  rollUpAccount: { reads: 46n, writes: 5n },
  reportAccount: { reads: 46n, writes: 6n },
  idleRun: { reads: 3n, writes: 0n },
  page: { reads: 40n, writes: 1n },
} as const
