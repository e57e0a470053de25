const MESSAGES: Readonly<Record<string, string>> = {
  generic_decline: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
}

/** What the cardholder reads: https://docs.stripe.com/declines/codes */
export function declineMessage(declineCode: string): string {
  return MESSAGES[declineCode] ?? 'Your card was declined.'
}
