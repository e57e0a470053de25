/** The parts of dynalite that run DynamoDB's expressions and checks; it ships no types. */

declare module 'dynalite/actions/*' {
  type Callback = (error: unknown, output?: Record<string, unknown>) => void
  const action: (store: unknown, data: Record<string, unknown>, done: Callback) => void
  export default action
}

declare module 'dynalite/validations/index.js' {
  export function checkTypes(data: Record<string, unknown>, types: unknown): Record<string, unknown>
  export function checkValidations(
    data: Record<string, unknown>,
    types: unknown,
    custom: unknown,
    store: unknown,
  ): void
}

declare module 'dynalite/validations/*' {
  const validation: { readonly types: Record<string, unknown>; readonly custom?: unknown }
  export default validation
}

declare module 'dynalite/db/index.js' {
  type Item = Record<string, Record<string, unknown>>
  type Done = (error?: unknown) => void
  const db: {
    createKey(item: Item, table: unknown): string
    itemSize(item: Item): number
    updateIndexes(store: unknown, table: unknown, before: Item | null, after: Item | null, done: Done): void
  }
  export default db
}
