/** A control request that cannot be done. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
}
