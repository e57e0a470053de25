import { z } from 'zod'
import { choice, integer, text } from '../../input/members.ts'

/** Members that several operations share, with Step Functions' own limits. */
export const arn = text({ min: 1, max: 256 })
export const includedData = z.optional(choice('ALL_DATA', 'METADATA_ONLY'))
export const MAX_RESULTS = 1_000
export const PAGE = {
  maxResults: z.optional(integer(0, MAX_RESULTS)),
  nextToken: z.optional(text({ min: 1, max: 3_096 })),
}
export const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'] as const
