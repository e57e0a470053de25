import type { ResourceProvider } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'

/** `AWS::SES::EmailIdentity`: an address or a domain, verified at once. */
export const emailIdentity =
  (identities: Set<string>): ResourceProvider =>
  ({ type, properties }) => {
    refuseUnknown(type, properties, [
      'EmailIdentity',
      'DkimAttributes',
      'FeedbackAttributes',
      'MailFromAttributes',
      'Tags',
    ])
    const identity: string = properties.EmailIdentity
    identities.add(identity)
    return { ref: identity }
  }
