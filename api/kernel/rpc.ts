import * as z from 'zod/mini'
import { type Failure, fail, ok, type Result } from './result.ts'
import { accountIdSchema, instantSchema } from './schemas.ts'

/**
 * Procedures: how services ask each other. A contract maps names to input and output schemas; `serve` and `client`
 * ride on `lambda:InvokeFunction`. The callee trusts `call` because IAM decided who may invoke it, and checks
 * actor against account itself.
 */
export const actorSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('customer'), accountId: accountIdSchema, userId: z.string() }),
  z.object({ kind: z.literal('admin'), userId: z.string() }),
  z.object({ kind: z.literal('service'), service: z.enum(['api', 'billing', 'portal', 'operator']) }),
])
export type Actor = z.infer<typeof actorSchema>

export const callSchema = z.object({ now: instantSchema, actor: actorSchema, requestId: z.string() })
export type Call = z.infer<typeof callSchema>

export type Procedure = { readonly input: z.ZodMiniType; readonly output: z.ZodMiniType }
export type Contract = Readonly<Record<string, Procedure>>
export const defineContract = <const C extends Contract>(contract: C): C => contract

type Input<P extends Procedure> = z.output<P['input']>
type Output<P extends Procedure> = z.output<P['output']>

export type Handlers<C extends Contract> = {
  readonly [N in keyof C]: (input: Input<C[N]>, call: Call) => Promise<Result<Output<C[N]>>>
}
export type Client<C extends Contract> = {
  readonly [N in keyof C]: (input: z.input<C[N]['input']>, call: Call) => Promise<Result<Output<C[N]>>>
}

/** Sends one payload to a function and returns what it answered. Throws when the function itself failed. */
export type Invoke = (payload: unknown) => Promise<unknown>

const envelopeSchema = z.object({ procedure: z.string(), input: z.unknown(), call: callSchema })
const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
])

/** A Lambda handler for a contract. Input that does not parse is the failure `invalid_request`; a throw stays a throw. */
export function serve<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
): (event: unknown) => Promise<Result<unknown>> {
  return async event => {
    const envelope = z.safeParse(envelopeSchema, event)
    if (!envelope.success) return invalid('The payload is not a procedure call.', envelope.error)
    const { procedure: name, call } = envelope.data
    const procedure = Object.hasOwn(contract, name) ? contract[name] : undefined
    const handler = Object.hasOwn(handlers, name) ? handlers[name as keyof C] : undefined
    if (!procedure || !handler) return fail('unknown_procedure', `There is no procedure "${name}".`)
    const input = z.safeParse(procedure.input, envelope.data.input)
    if (!input.success) return invalid(`The input of ${name} is not valid.`, input.error)
    return handler(input.data as Input<C[keyof C]>, call)
  }
}

/** A typed caller for a contract. Replies are parsed; a reply that breaks the contract throws `ContractError`. */
export function client<C extends Contract>(contract: C, invoke: Invoke): Client<C> {
  const entries = Object.entries(contract).map(([name, procedure]) => [
    name,
    async (input: unknown, call: Call): Promise<Result<unknown>> => {
      const reply = z.safeParse(replySchema, await invoke({ procedure: name, input, call }))
      if (!reply.success) throw new ContractError(name, reply.error)
      if (!reply.data.ok) return reply.data
      const value = z.safeParse(procedure.output, reply.data.value)
      if (!value.success) throw new ContractError(name, value.error)
      return ok(value.data)
    },
  ])
  return Object.fromEntries(entries) as Client<C>
}

export class ContractError extends Error {
  constructor(procedure: string, error: z.core.$ZodError) {
    super(`${procedure} answered outside its contract: ${describeIssues(error)}`)
    this.name = 'ContractError'
  }
}

/** `path: message` of every issue, without the offending values. */
export const describeIssues = (error: z.core.$ZodError): string =>
  error.issues.map(issue => `${issue.path.join('.') || '(root)'}: ${issue.message}`).join('; ')

const invalid = (what: string, error: z.core.$ZodError): Failure =>
  fail('invalid_request', `${what} ${describeIssues(error)}`)
