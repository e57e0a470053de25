/**
 * Resource types that have no behaviour a caller could see locally; they are accepted and do nothing. Every other type
 * without a provider stops the start.
 */
export const INERT_TYPES: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'tells AWS which CDK version made the template',
}
