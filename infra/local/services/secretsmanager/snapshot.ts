import type { SecretsManager } from './secretsmanager.ts'
import { secretsState } from './state.ts'

/**
 * Puts values back. A template's secret keeps what was put into it later, unless the template now gives another value; a
 * secret that its template has given up is gone.
 */
export function restore({ state }: SecretsManager, saved: unknown): void {
  for (const [name, secret] of secretsState.parse(saved).secrets) {
    const templated = state.secrets.get(name)
    if (templated && templated.template?.value === secret.template?.value)
      state.secrets.set(name, { ...secret, arn: templated.arn, template: templated.template })
    else if (!templated && !secret.template) state.secrets.set(name, secret)
  }
}
