export * from './catalogue.ts'
export * from './events.ts'
export * from './money.ts'
export * from './procedures.ts'
