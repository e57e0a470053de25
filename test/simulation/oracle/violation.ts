/** A promise that was broken. */
export class Violation extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'Violation'
  }
}

export function demand(holds: boolean, what: () => string): void {
  if (!holds) throw new Violation(what())
}

export const iso = (at: number): string => new Date(at).toISOString()
