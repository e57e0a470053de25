import { build } from '../../infra/launch.ts'

const BUILT = Symbol.for('tollgate.built')

/** Bundles and templates for the projects that run them; once per test run, however many projects ask. */
export default async function buildOnce(): Promise<void> {
  const shared = globalThis as { [BUILT]?: Promise<void> }
  shared[BUILT] ??= build()
  await shared[BUILT]
}
