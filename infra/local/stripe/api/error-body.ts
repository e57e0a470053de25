import type { Fault } from '../engine/fault.ts'

/** The JSON of a refusal: https://docs.stripe.com/api/errors */
export function errorBody(fault: Fault, requestId: string): unknown {
  const { code, param, declineCode, paymentIntent, paymentMethod, charge } = fault.details
  return {
    error: {
      ...(charge === undefined ? {} : { charge }),
      ...(code === undefined
        ? {}
        : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
      message: fault.message,
      ...(param === undefined ? {} : { param }),
      ...(paymentIntent === undefined ? {} : { payment_intent: paymentIntent }),
      ...(paymentMethod === undefined ? {} : { payment_method: paymentMethod }),
      request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
      type: fault.type,
    },
  }
}
