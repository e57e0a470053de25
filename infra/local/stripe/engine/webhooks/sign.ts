import { createHmac } from 'node:crypto'

/** `Stripe-Signature` of a payload: https://docs.stripe.com/webhooks#verify-manually */
export function signatureHeader(payload: string, secret: string, atSeconds: number): string {
  const digest = createHmac('sha256', secret).update(`${atSeconds}.${payload}`).digest('hex')
  return `t=${atSeconds},v1=${digest}`
}
