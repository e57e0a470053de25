import { builtinModules, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** What Lambda's Node runtime brings along. */
const PROVIDED = /^@(aws-sdk|smithy|aws-crypto)\//

/**
 * Refuses imports of packages that are neither in the bundle nor part of Lambda's runtime. They would be found in this
 * repository's `node_modules`, and fail once deployed.
 */
export function installResolveGuard(taskRoot: string): void {
  const builtins = new Set(builtinModules)
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith('node:') || builtins.has(specifier)) return next(specifier, context)
      const importedByTask = context.parentURL?.startsWith('file:')
        ? fileURLToPath(context.parentURL).startsWith(taskRoot)
        : false
      if (!importedByTask || /^(\.|\/|file:|data:)/.test(specifier) || PROVIDED.test(specifier)) {
        return next(specifier, context)
      }
      throw Object.assign(
        new Error(`Cannot find package '${specifier}' imported from ${context.parentURL}`),
        {
          code: 'ERR_MODULE_NOT_FOUND',
        },
      )
    },
  })
}
