import type { z } from 'zod'
import { type LocalCloud, ServiceError } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import type { SnsState, Topic } from './state.ts'

export type TopicMail = { readonly to: string; readonly subject: string; readonly text: string }

/** What every operation of this service works with. */
export type Sns = {
  readonly cloud: LocalCloud
  readonly state: SnsState
  readonly sendMail: (mail: TopicMail) => void
}

export type SnsOperation<Schema extends z.ZodType, Output> = ServiceOperation<Sns, Schema, Output>

export const DIALECT: InputDialect = { service: 'sns', invalid: 'ValidationError' }

export const invalidParameter = (what: string): ServiceError =>
  new ServiceError('InvalidParameter', `Invalid parameter: ${what}`)

export const topicArn = ({ region, accountId }: LocalCloud, name: string): string =>
  `arn:aws:sns:${region}:${accountId}:${name}`

export function topicOf({ state }: Sns, arn: string): Topic {
  if (!arn.startsWith('arn:aws:sns:'))
    throw invalidParameter('TopicArn Reason: An ARN must have at least 6 elements')
  const topic = state.topics.get(arn)
  if (!topic) throw new ServiceError('NotFound', 'Topic does not exist', 404)
  return topic
}

const PAGE = 100

/** A hundred at a time; the token is the offset of the next one. */
export function pageOf<T>(items: readonly T[], token = '0'): { items: T[]; NextToken?: string } {
  if (!/^\d{1,9}$/.test(token)) throw invalidParameter('NextToken')
  const next = Number(token) + PAGE
  const page = { items: items.slice(Number(token), next) }
  return next < items.length ? { ...page, NextToken: String(next) } : page
}
