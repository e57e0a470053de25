import { integer, text } from '../../input/members.ts'

const BUS = String.raw`[/.\-_A-Za-z0-9]+`

/** Members that several operations share, with EventBridge's own limits. */
export const busNameOrArn = text({
  min: 1,
  max: 1_600,
  pattern: String.raw`(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus/)?${BUS}`,
})
export const busNamePrefix = text({ min: 1, max: 256, pattern: BUS })
export const ruleName = text({ min: 1, max: 64, pattern: String.raw`[.\-_A-Za-z0-9]+` })
export const nextToken = text({ min: 1, max: 2_048 })
export const MAX_LIMIT = 100
export const limit = integer(1, MAX_LIMIT)
