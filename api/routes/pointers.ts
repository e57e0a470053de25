import type * as z from 'zod/mini'

/** Where a request is wrong, as RFC 9457 suggests: JSON pointers in fragment form, `#/checks/0/phone`. */
export type PointedError = { readonly pointer: string; readonly detail: string }

export function pointersOf(error: z.core.$ZodError, above: readonly PropertyKey[] = []): PointedError[] {
  return error.issues.map(({ path, message }) => ({
    pointer: `#${[...above, ...path].map(step => `/${escapeStep(String(step))}`).join('')}`,
    detail: message,
  }))
}

/** RFC 6901, section 3; the fragment form is percent-encoded besides. */
const escapeStep = (step: string): string =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
