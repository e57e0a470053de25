import { z } from 'zod'

/** Topics and subscriptions, as schemas: a snapshot is read back through them. */
const topic = z.object({
  arn: z.string(),
  /** As `GetTopicAttributes` shows what was given: `DisplayName`, `KmsMasterKeyId`. */
  attributes: z.record(z.string(), z.string()),
  fromTemplate: z.boolean(),
})

const subscription = z.object({
  arn: z.string(),
  topicArn: z.string(),
  protocol: z.enum(['email', 'email-json', 'lambda', 'sqs']),
  endpoint: z.string(),
  /** A queue gets the message alone instead of the envelope around it. */
  raw: z.boolean(),
  deadLetterArn: z.optional(z.string()),
  fromTemplate: z.boolean(),
})

export const snsState = z.object({
  topics: z.map(z.string(), topic),
  subscriptions: z.map(z.string(), subscription),
})

export type Topic = z.infer<typeof topic>
export type Subscription = z.infer<typeof subscription>
export type SnsState = z.infer<typeof snsState>
