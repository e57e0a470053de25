export type { ConsoleSources } from './sources.ts'
export { type RunningConsole, startConsole } from './start-console.ts'
