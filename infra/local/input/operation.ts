import type { z } from 'zod'
import type { Operation, OperationContext } from '../contract.ts'
import { type InputDialect, readInput } from './read-input.ts'

/** One operation of a service: what its input must look like, and what it does with it. */
export type ServiceOperation<Host, Schema extends z.ZodType, Output> = {
  readonly input: Schema
  run(host: Host, input: z.infer<Schema>, context: OperationContext): Output | Promise<Output>
}

// biome-ignore lint/suspicious/noExplicitAny: a table of operations with different inputs and outputs.
type AnyOperation<Host> = ServiceOperation<Host, any, unknown>

/** Operations as the endpoint calls them: the input is read first, then the operation runs on the service's state. */
export function bindOperations<Host>(
  dialect: InputDialect,
  host: Host,
  operations: Readonly<Record<string, AnyOperation<Host>>>,
): Readonly<Record<string, Operation>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, Operation] => [
      name,
      (given, context) => operation.run(host, readInput(dialect, name, operation.input, given), context),
    ]),
  )
}
