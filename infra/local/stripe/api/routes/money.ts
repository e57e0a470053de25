import {
  createCreditNote,
  previewCreditNote,
  updateCreditNote,
  updateCreditNoteParams,
  voidCreditNote,
} from '../../engine/credit-notes/credit-note.ts'
import { creditNoteParams } from '../../engine/credit-notes/plan-credit-note.ts'
import { balanceSummaryParams, summarizeCredits } from '../../engine/credits/balance-summary.ts'
import {
  createCreditGrant,
  createCreditGrantParams,
  expireCreditGrant,
  updateCreditGrant,
  updateCreditGrantParams,
  voidCreditGrant,
} from '../../engine/credits/credit-grant.ts'
import { decideDispute, updateDispute, updateDisputeParams } from '../../engine/disputes/dispute.ts'
import { need } from '../../engine/find.ts'
import { object, text } from '../../engine/params.ts'
import {
  createRefund,
  createRefundParams,
  updateRefund,
  updateRefundParams,
} from '../../engine/refunds/refund.ts'
import { many, one } from '../router.ts'
import { inRange, is, nothing, range } from './filters.ts'

const NOTES = '/v1/credit_notes'
const GRANTS = '/v1/billing/credit_grants'
const TRANSACTIONS = '/v1/billing/credit_balance_transactions'
const byCharge = object({ charge: text(), created: range, payment_intent: text() })

/** Credit, refunds and disputes. */
export const moneyRoutes = [
  one('POST', NOTES, creditNoteParams, (engine, input) => createCreditNote(engine, input)),
  many(NOTES, object({ created: range, customer: text(), invoice: text() }), (engine, input) =>
    [...engine.state.creditNotes.values()].filter(
      note =>
        is(note.customer, input.customer) &&
        is(note.invoice, input.invoice) &&
        inRange(note.created, input.created),
    ),
  ),
  one('GET', `${NOTES}/preview`, creditNoteParams, (engine, input) => previewCreditNote(engine, input)),
  one('GET', `${NOTES}/:id`, nothing, (engine, _input, path) =>
    need(engine.state.creditNotes, 'credit note', path.id),
  ),
  one('POST', `${NOTES}/:id`, updateCreditNoteParams, (engine, input, path) =>
    updateCreditNote(engine, path.id, input),
  ),
  one('POST', `${NOTES}/:id/void`, nothing, (engine, _input, path) => voidCreditNote(engine, path.id)),
  many(`${NOTES}/:id/lines`, nothing, (engine, _input, path) =>
    [...need(engine.state.creditNoteLines, 'credit note', path.id)].reverse(),
  ),
  one('POST', '/v1/refunds', createRefundParams, (engine, input) => createRefund(engine, input)),
  many('/v1/refunds', byCharge, (engine, input) =>
    [...engine.state.refunds.values()].filter(
      refund =>
        is(refund.charge ?? undefined, input.charge) &&
        is(refund.payment_intent ?? undefined, input.payment_intent) &&
        inRange(refund.created, input.created),
    ),
  ),
  one('GET', '/v1/refunds/:id', nothing, (engine, _input, path) =>
    need(engine.state.refunds, 'refund', path.id),
  ),
  one('POST', '/v1/refunds/:id', updateRefundParams, (engine, input, path) =>
    updateRefund(engine, path.id, input),
  ),
  many('/v1/disputes', byCharge, (engine, input) =>
    [...engine.state.disputes.values()].filter(
      dispute =>
        is(dispute.charge, input.charge) &&
        is(dispute.payment_intent ?? undefined, input.payment_intent) &&
        inRange(dispute.created, input.created),
    ),
  ),
  one('GET', '/v1/disputes/:id', nothing, (engine, _input, path) =>
    need(engine.state.disputes, 'dispute', path.id),
  ),
  one('POST', '/v1/disputes/:id', updateDisputeParams, (engine, input, path) =>
    updateDispute(engine, path.id, input),
  ),
  one('POST', '/v1/disputes/:id/close', nothing, (engine, _input, path) =>
    decideDispute(engine, path.id, 'lost'),
  ),
  one('POST', GRANTS, createCreditGrantParams, (engine, input) => createCreditGrant(engine, input)),
  many(GRANTS, object({ customer: text() }), (engine, input) =>
    [...engine.state.creditGrants.values()].filter(grant => is(grant.customer, input.customer)),
  ),
  one('GET', `${GRANTS}/:id`, nothing, (engine, _input, path) =>
    need(engine.state.creditGrants, 'credit grant', path.id),
  ),
  one('POST', `${GRANTS}/:id`, updateCreditGrantParams, (engine, input, path) =>
    updateCreditGrant(engine, path.id, input),
  ),
  one('POST', `${GRANTS}/:id/expire`, nothing, (engine, _input, path) => expireCreditGrant(engine, path.id)),
  one('POST', `${GRANTS}/:id/void`, nothing, (engine, _input, path) => voidCreditGrant(engine, path.id)),
  one('GET', '/v1/billing/credit_balance_summary', balanceSummaryParams, (engine, input) =>
    summarizeCredits(engine, input),
  ),
  many(TRANSACTIONS, object({ credit_grant: text(), customer: text() }), (engine, input) =>
    [...engine.state.creditTransactions.values()].filter(
      transaction =>
        is(transaction.credit_grant, input.credit_grant) &&
        is(engine.state.creditGrants.get(transaction.credit_grant)?.customer, input.customer),
    ),
  ),
  one('GET', `${TRANSACTIONS}/:id`, nothing, (engine, _input, path) =>
    need(engine.state.creditTransactions, 'credit balance transaction', path.id),
  ),
]
