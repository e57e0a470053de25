import type { Identity } from '../contract.ts'
import { ANONYMOUS } from '../iam/anonymous.ts'
import { ROOT_CREDENTIALS } from '../options.ts'
import type { HttpRequest } from './http-request.ts'
import type { Signed } from './signature/credential.ts'
import { verifySignature } from './signature/verify.ts'

/** What every function signs with besides its own access key; `services/lambda/variables.ts` hands it to them. */
const FUNCTION_SECRET = {
  secretAccessKey: ROOT_CREDENTIALS.secretAccessKey,
  sessionToken: ROOT_CREDENTIALS.secretAccessKey,
}

/**
 * Who sends a request. A known access key must have signed it; an unknown one is root, whatever it signs, so that any
 * profile of the AWS CLI works; nobody's signature is nobody.
 */
export function authenticate(
  request: HttpRequest,
  signed: Signed | undefined,
  identityOf: (accessKeyId: string | undefined) => Identity,
  now: number,
): Identity {
  if (!signed) return ANONYMOUS
  const identity = identityOf(signed.accessKeyId)
  // Presigned addresses of objects are S3's own matter, in form, time and signature.
  const presignedObject = signed.presigned && signed.signingName === 's3'
  if (identity.kind !== 'root' && !presignedObject) verifySignature(request, signed, FUNCTION_SECRET, now)
  return identity
}
