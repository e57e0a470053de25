import { type ResourceProvider, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Ses } from '../ses.ts'

/** `AWS::SES::EmailIdentity`: an address or a domain, verified at once. */
export const emailIdentity =
  ({ state }: Ses): ResourceProvider =>
  ({ logicalId, type, properties }) => {
    refuseUnknown(type, properties, [
      'EmailIdentity',
      'DkimAttributes',
      'FeedbackAttributes',
      'MailFromAttributes',
      'Tags',
    ])
    const name: unknown = properties.EmailIdentity
    if (typeof name !== 'string' || name === '')
      throw new ServiceError('BadRequestException', `${logicalId}: EmailIdentity is required.`)
    state.identities.set(name, { name, fromTemplate: true })
    return { ref: name }
  }
