import type { World } from '../world/world.ts'

/** Something that a person does. It runs beside everything else, in simulated time. */
export type Action = {
  readonly name: string
  /** How often it is chosen, against the others. */
  readonly weight: number
  /** Whether it can be done at the moment. */
  possible?(world: World): boolean
  /** Resolves when the person has done it; what follows from it goes on. */
  run(world: World): Promise<void>
}
