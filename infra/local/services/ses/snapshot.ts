import { type SesState, sesState } from './state.ts'

/** Puts the mailbox back, and the identities that a call made. */
export function restore(state: SesState, saved: unknown): void {
  const { identities, mails, sentAt } = sesState.parse(saved)
  for (const [name, identity] of identities) if (!identity.fromTemplate) state.identities.set(name, identity)
  state.mails.push(...mails)
  state.sentAt = sentAt
}
