import validatorIsEmail from 'validator/lib/isEmail.js'
import * as z from 'zod/mini'
import { defineRoute } from './define-route.ts'

export const emailInput = z.strictObject({ email: z.string().check(z.minLength(1), z.maxLength(320)) })

export const emailOutput = z.object({
  email: z.string(),
  valid: z.boolean(),
  /** With the domain in lower case; the local part is the receiver's to interpret. */
  normalized: z.nullable(z.string()),
  local: z.nullable(z.string()),
  domain: z.nullable(z.string()),
})

/** The one function and not all of `validator` (7 KB instead of 130); CommonJS, so it is the default's default. */
const isEmail = validatorIsEmail.default

export function checkEmail({ email }: z.output<typeof emailInput>): z.output<typeof emailOutput> {
  if (!isEmail(email)) return { email, valid: false, normalized: null, local: null, domain: null }
  const at = email.lastIndexOf('@')
  const [local, domain] = [email.slice(0, at), email.slice(at + 1).toLowerCase()]
  return { email, valid: true, normalized: `${local}@${domain}`, local, domain }
}

export const email = defineRoute({
  method: 'POST',
  path: '/v1/email',
  summary: 'Check an e-mail address',
  description: 'Says whether an address is well formed. No mail is sent and no server is asked.',
  input: emailInput,
  output: emailOutput,
  maxUnits: () => 1,
  price: '1 unit',
  example: {
    input: { email: 'Ada@Example.com' },
    output: {
      email: 'Ada@Example.com',
      valid: true,
      normalized: 'Ada@example.com',
      local: 'Ada',
      domain: 'example.com',
    },
  },
  run: async input => ({ body: checkEmail(input), units: 1 }),
})
