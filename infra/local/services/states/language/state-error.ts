/** A failure in the States Language: an error name that Retry and Catch match, and a cause for people. */
export class StateError extends Error {
  readonly error: string
  override readonly cause: string
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`)
    this.name = 'StateError'
    this.error = error
    this.cause = cause
  }
}

/** A path or field that does not fit the data. Never caught by States.ALL. */
export const runtimeError = (cause: string) => new StateError('States.Runtime', cause)
