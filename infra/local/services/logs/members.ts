import { z } from 'zod'
import { integer, text } from '../../input/members.ts'
import { invalidParameter } from './logs.ts'

/** Members that several operations share, with CloudWatch Logs' own limits. */
export const groupName = text({ min: 1, max: 512, pattern: String.raw`[.\-_/#A-Za-z0-9]+` })
export const groupIdentifier = text({ min: 1, max: 2_048, pattern: String.raw`[\w#+=/:,.@-]*` })
export const streamName = text({ min: 1, max: 512, pattern: '[^:*]*' })
export const filterPattern = text({ max: 1_024 })
export const nextToken = text({ min: 1 })
export const time = integer(0)

/** A group is given by its name or by its name or ARN as identifier, never by both. */
export const GROUP = { logGroupName: z.optional(groupName), logGroupIdentifier: z.optional(groupIdentifier) }

/** The group's name from either member. */
export function nameOfGroup(input: {
  readonly logGroupName?: string | undefined
  readonly logGroupIdentifier?: string | undefined
}): string {
  const { logGroupName, logGroupIdentifier } = input
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup ARN are mutually exclusive parameters.')
  }
  if (logGroupName !== undefined) return logGroupName
  if (logGroupIdentifier === undefined) {
    throw invalidParameter('Either logGroupName or logGroupIdentifier must be specified.')
  }
  return logGroupIdentifier.replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '')
}
