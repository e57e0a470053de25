import { z } from 'zod'
import { queryInteger, text } from '../../input/members.ts'

/** Members that several operations share, with Scheduler's own limits. */
export const name = text({ min: 1, max: 64, pattern: '[0-9a-zA-Z-_.]+' })
export const MAX_RESULTS = 100
export const PAGE = {
  MaxResults: z.optional(queryInteger(1, MAX_RESULTS)),
  NextToken: z.optional(text({ min: 1, max: 2_048 })),
}
