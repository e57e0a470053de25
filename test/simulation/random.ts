/** Random numbers from a seed (sfc32 behind splitmix32). Streams of different names share nothing. */
export type Random = {
  /** In [0, 1). */
  float(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** One of the names, each as often as its weight says. */
  weighted<N extends string>(weights: Readonly<Record<N, number>>): N
}

export function createRandom(seed: number, stream = ''): Random {
  const float = generator(seed, stream)
  const between = (low: number, high: number) => low + Math.floor(float() * (high - low + 1))
  const pick = <T>(from: readonly T[]): T => {
    const found = from[between(0, from.length - 1)]
    if (found === undefined) throw new Error('there is nothing to pick from')
    return found
  }
  return {
    float,
    between,
    pick,
    chance: probability => float() < probability,
    weighted<N extends string>(weights: Readonly<Record<N, number>>): N {
      const entries = Object.entries<number>(weights)
      let left = float() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      const chosen = entries.find(([, weight]) => {
        left -= weight
        return left < 0
      })
      return (chosen ?? pick(entries))[0] as N
    },
  }
}

function generator(seed: number, stream: string): () => number {
  let mixed = seed | 0
  for (const character of stream) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x9e3779b1)
  const split = () => {
    mixed = (mixed + 0x9e3779b9) | 0
    let z = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let [a, b, c, counter] = [split(), split(), split(), 1]
  return () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 4_294_967_296
  }
}
