import { createHash } from 'node:crypto'

/** A name as CloudFormation makes them, `<stack>-<logical id>-<12 letters>`, the same at every start. */
export function generatedName(stackName: string, logicalId: string): string {
  const digest = createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex')
  return `${stackName}-${logicalId}-${digest.slice(0, 12).toUpperCase()}`
}
