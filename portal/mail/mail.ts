export type Mail = { readonly accountId: string; readonly subject: string; readonly text: string }

/** A mail of a few paragraphs. */
export const mail = (accountId: string, subject: string, paragraphs: readonly string[]): Mail => ({
  accountId,
  subject,
  text: `${['Hello,', ...paragraphs, 'Tollgate'].join('\n\n')}\n`,
})
