import { derivedId } from '#kernel/ids'
import type { DomainEvent } from '#kernel/outbox'
import type { Instant } from '#kernel/time'
import type { Dunning } from '../../payments/dunning-record.ts'
import type { Collection } from '../../payments/ports.ts'
import { detailsOf } from './state.ts'

type Stage = Dunning['told'][number]

const TYPES: Readonly<Record<Stage, string>> = {
  failed: 'payment.failed',
  authentication: 'payment.authentication_needed',
  reminder: 'payment.overdue',
  last_warning: 'payment.overdue',
  blocked: 'payment.overdue',
  cancelled: 'payment.overdue',
}

/** The fact of one notice. Its id follows from invoice and notice, so that it is mailed once whatever is repeated. */
export function noticeOf(invoice: Collection, record: Dunning, stage: Stage, now: Instant): DomainEvent {
  const { accountId, invoiceId, failedAt, blockAt, cancelAt } = record
  const { subscriptionId: _, ...details } = detailsOf(invoice)
  const type = TYPES[stage]
  return {
    id: derivedId('evt', type, invoiceId, stage),
    type,
    at: now,
    data: {
      ...{ accountId, invoiceId, failedAt, blockAt, cancelAt, ...details },
      ...(type === 'payment.overdue' && { stage }),
    },
  }
}

/** The notices that count as given with this one: the first one says already that the bank wants a confirmation. */
export function toldWith(record: Dunning, invoice: Collection, stage: Stage): Stage[] {
  const with_ = stage === 'failed' && invoice.needsAuthentication ? (['authentication'] as const) : []
  return [...record.told, stage, ...with_]
}
