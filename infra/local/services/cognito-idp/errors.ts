import { ServiceError } from '../../contract.ts'

/** The user pool's failures, with AWS's own codes and texts. */
export const notAuthorized = (message: string): ServiceError =>
  new ServiceError('NotAuthorizedException', message)
export const badCredentials = (): ServiceError => notAuthorized('Incorrect username or password.')
export const userDisabled = (): ServiceError => notAuthorized('User is disabled.')
export const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterException', message)
export const userNotFound = (message = 'User does not exist.'): ServiceError =>
  new ServiceError('UserNotFoundException', message)
/** Of calls that name a client and a user. */
export const noSuchUserOfClient = (): ServiceError =>
  userNotFound('Username/client id combination not found.')
export const notFound = (message: string): ServiceError =>
  new ServiceError('ResourceNotFoundException', message)
export const codeMismatch = (): ServiceError =>
  new ServiceError('CodeMismatchException', 'Invalid verification code provided, please try again.')
export const expiredCode = (): ServiceError =>
  new ServiceError('ExpiredCodeException', 'Invalid code provided, please request a code again.')
export const attemptsExceeded = (): ServiceError =>
  new ServiceError('LimitExceededException', 'Attempt limit exceeded, please try after some time.')
export const usernameExists = (message: string): ServiceError =>
  new ServiceError('UsernameExistsException', message)
export const emailTaken = (): ServiceError =>
  new ServiceError('AliasExistsException', 'An account with the email already exists.')
/** A code can only be mailed to an address that its owner has shown to read. */
export const unreachable = (): ServiceError =>
  invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  )
export const wrongStateForReset = (): ServiceError =>
  notAuthorized('User password cannot be reset in the current state.')
