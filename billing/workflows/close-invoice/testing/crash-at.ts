/** Where a run is cut off: before or after its nth effect. */
export class Crash extends Error {
  constructor() {
    super('cut off')
    this.name = 'Crash'
  }
}

const READS = /^(get|list|query|read|status|presign)/

/**
 * Ports whose nth effect (a call that may write) is cut off, once. The same count runs over all ports that were wrapped.
 * `effects` says how many there were, so that a test can try each.
 */
export function createCrasher(at: number, when: 'before' | 'after') {
  const crasher = {
    effects: 0,
    wrap<T extends object>(port: T): T {
      return new Proxy(port, {
        get(target, name, receiver) {
          const member: unknown = Reflect.get(target, name, receiver)
          if (typeof member !== 'function' || typeof name !== 'string' || READS.test(name)) return member
          return async (...args: unknown[]) => {
            const isTheOne = ++crasher.effects === at
            if (isTheOne && when === 'before') throw new Crash()
            const answer: unknown = await member.apply(target, args)
            if (isTheOne) throw new Crash()
            return answer
          }
        },
      })
    },
  }
  return crasher
}
