import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { newId } from '../ids.ts'
import { applyMetadata, boolean, type Input, metadata, object } from '../params.ts'
import type { Charge, Dispute } from '../wire.ts'
import { type DisputeEvidence, EVIDENCE_TEXTS, emptyEvidence, evidenceParams } from './evidence.ts'

const EVIDENCE_DAYS = 9
const DAY_SECONDS = 86_400

/** A cardholder disputes a charge, as a test card does or a person here. https://docs.stripe.com/api/disputes */
export function openDispute(engine: Engine, charge: Charge, reason: string): Dispute {
  if (charge.status !== 'succeeded') throw invalidRequest(`Charge ${charge.id} was not successful.`)
  if (charge.disputed) throw invalidRequest(`Charge ${charge.id} is disputed already.`)
  const now = nowSeconds(engine)
  const dispute: Dispute = {
    id: newId(engine.state, 'du_'),
    object: 'dispute',
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: emptyEvidence(),
    evidence_details: {
      due_by: now + EVIDENCE_DAYS * DAY_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  }
  engine.state.disputes.set(dispute.id, dispute)
  const previous = change(charge, { disputed: true })
  emit(engine, 'charge.dispute.created', dispute)
  emit(engine, 'charge.updated', charge, previous)
  emit(engine, 'charge.dispute.funds_withdrawn', dispute)
  return dispute
}

export const updateDisputeParams = object({
  evidence: evidenceParams,
  metadata: metadata(),
  submit: boolean(),
})

/**
 * Evidence is sent once, by `submit`; the test texts `winning_evidence` and `losing_evidence` decide at once.
 * https://docs.stripe.com/api/disputes/update, https://docs.stripe.com/testing#evidence
 */
export function updateDispute(engine: Engine, id: string, input: Input<typeof updateDisputeParams>): Dispute {
  const dispute = need(engine.state.disputes, 'dispute', id)
  if (dispute.status !== 'needs_response' && (input.evidence !== undefined || input.submit === true)) {
    throw invalidRequest('This dispute does not accept evidence any more.', { param: 'evidence' })
  }
  const evidence: DisputeEvidence = { ...dispute.evidence, ...input.evidence }
  const submits = input.submit ?? input.evidence !== undefined
  const previous = change(dispute, {
    evidence,
    metadata: applyMetadata(dispute.metadata, input.metadata),
    evidence_details: {
      ...dispute.evidence_details,
      has_evidence: EVIDENCE_TEXTS.some(name => evidence[name] !== null),
      ...(submits
        ? { submission_count: dispute.evidence_details.submission_count + 1, submission_method: 'manual' }
        : {}),
    },
    ...(submits ? { status: 'under_review' } : {}),
  })
  if (Object.keys(previous).length > 0) emit(engine, 'charge.dispute.updated', dispute, previous)
  if (submits && evidence.uncategorized_text === 'winning_evidence') decideDispute(engine, id, 'won')
  if (submits && evidence.uncategorized_text === 'losing_evidence') decideDispute(engine, id, 'lost')
  return dispute
}

/** The bank decides. */
export function decideDispute(engine: Engine, id: string, status: 'won' | 'lost'): Dispute {
  const dispute = need(engine.state.disputes, 'dispute', id)
  if (dispute.status === 'won' || dispute.status === 'lost') {
    throw invalidRequest('This dispute is already closed.', { code: 'status_transition_invalid' })
  }
  const previous = change(dispute, { status })
  emit(engine, 'charge.dispute.closed', dispute, previous)
  if (status === 'won') emit(engine, 'charge.dispute.funds_reinstated', dispute)
  return dispute
}
