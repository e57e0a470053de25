import type { InputDialect } from '../../input/read-input.ts'

/** Members whose values Cognito keeps out of its messages. */
const SENSITIVE = new Set([
  'AccessToken',
  'ClientId',
  'ClientSecret',
  'Password',
  'PreviousPassword',
  'ProposedPassword',
  'RefreshToken',
  'SecretHash',
  'Session',
  'TemporaryPassword',
  'Token',
  'Username',
  'Value',
])

/** How Cognito words what is wrong with an input. */
export const DIALECT: InputDialect = {
  service: 'cognito-idp',
  invalid: 'InvalidParameterException',
  sensitive: SENSITIVE,
}
