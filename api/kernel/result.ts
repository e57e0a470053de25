/** Expected outcomes are values. `code` is stable and part of the contract; `message` is safe to show to the caller. */
export type Failure = { readonly ok: false; readonly code: string; readonly message: string }
export type Success<T> = { readonly ok: true; readonly value: T }
export type Result<T> = Success<T> | Failure

export const ok = <T>(value: T): Success<T> => ({ ok: true, value })
export const fail = (code: string, message: string): Failure => ({ ok: false, code, message })
