export * from './access.ts'
export * from './problems.ts'
export * from './usage.ts'
