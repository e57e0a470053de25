/**
 * Makes `Date` of this thread follow the local clock. `Intl.DateTimeFormat().format()` without an argument stays on
 * real time; formatters get their date as an argument.
 */
export function installLocalDate(clock: SharedArrayBuffer): void {
  const cells = new BigInt64Array(clock)
  const RealDate = Date
  const realNow = Date.now.bind(Date)

  function now(): number {
    const value = Number(Atomics.load(cells, 1))
    return Atomics.load(cells, 0) === 1n ? value : realNow() + value
  }

  function LocalDate(this: unknown, ...parts: unknown[]): unknown {
    if (!new.target) return new RealDate(now()).toString()
    return Reflect.construct(RealDate, parts.length === 0 ? [now()] : parts, new.target)
  }

  Object.defineProperty(LocalDate, 'name', { value: 'Date' })
  Object.defineProperty(LocalDate, 'length', { value: 7 })
  LocalDate.prototype = RealDate.prototype
  LocalDate.now = now
  LocalDate.parse = RealDate.parse
  LocalDate.UTC = RealDate.UTC
  // Dates that the runtime makes itself keep the same prototype, so `instanceof` and `constructor` agree for all.
  RealDate.prototype.constructor = LocalDate
  globalThis.Date = LocalDate as unknown as DateConstructor
}
