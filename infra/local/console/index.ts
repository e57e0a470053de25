export { caughtStates } from './graph/caught-states.ts'
export { flattenMachine } from './graph/flatten-machine.ts'
export type { ConsoleSources } from './sources.ts'
export { type RunningConsole, startConsole } from './start-console.ts'
