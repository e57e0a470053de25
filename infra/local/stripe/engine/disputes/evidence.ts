import { object, text } from '../params.ts'
import type { Dispute } from '../wire.ts'

export type DisputeEvidence = Dispute['evidence']

const note = text()

const texts = {
  access_activity_log: note,
  billing_address: note,
  cancellation_policy_disclosure: note,
  cancellation_rebuttal: note,
  customer_email_address: note,
  customer_name: note,
  customer_purchase_ip: note,
  duplicate_charge_explanation: note,
  duplicate_charge_id: note,
  product_description: note,
  refund_policy_disclosure: note,
  refund_refusal_explanation: note,
  service_date: note,
  uncategorized_text: note,
}

/** The parts of evidence that are text; files do not exist here. */
export const evidenceParams = object(texts)

export const EVIDENCE_TEXTS: readonly (keyof typeof texts)[] = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'uncategorized_text',
]

export function emptyEvidence(): DisputeEvidence {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  }
}
