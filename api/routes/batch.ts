import * as z from 'zod/mini'
import { defineRoute } from './define-route.ts'
import { checkEmail, emailInput, emailOutput } from './email.ts'
import { checkIban, ibanInput, ibanOutput } from './iban.ts'
import { checkPhone, phoneInput, phoneOutput } from './phone.ts'
import { pointersOf } from './pointers.ts'
import { checkVat, vatInput, vatOutput } from './vat.ts'

/** One Lambda invocation does 100 checks in well under 100 ms; the body stays below 100 KB. */
export const BATCH_MAX = 100

const checkSchema = z.discriminatedUnion('type', [
  z.extend(phoneInput, { type: z.literal('phone') }),
  z.extend(emailInput, { type: z.literal('email') }),
  z.extend(ibanInput, { type: z.literal('iban') }),
  z.extend(vatInput, { type: z.literal('vat') }),
])
type Check = z.output<typeof checkSchema>

const batchOf = <T extends z.ZodMiniType>(item: T) =>
  z.strictObject({ checks: z.array(item).check(z.minLength(1), z.maxLength(BATCH_MAX)) })

const errorSchema = z.object({ pointer: z.string(), detail: z.string() })

const resultSchema = z.union([
  z.object({
    type: z.string(),
    result: z.union([phoneOutput, emailOutput, ibanOutput, vatOutput]),
  }),
  z.object({ error: z.object({ code: z.literal('invalid_request'), errors: z.array(errorSchema) }) }),
])

const run = (check: Check): z.output<typeof resultSchema> => {
  if (check.type === 'phone') return { type: check.type, result: checkPhone(check) }
  if (check.type === 'email') return { type: check.type, result: checkEmail(check) }
  if (check.type === 'iban') return { type: check.type, result: checkIban(check) }
  return { type: check.type, result: checkVat(check) }
}

export const batch = defineRoute({
  method: 'POST',
  path: '/v1/batch',
  summary: 'Up to 100 checks in one call',
  description:
    'Answers in the order asked. A check that does not match its schema gets an error in its place and costs nothing.',
  input: batchOf(z.unknown()),
  documentedInput: batchOf(checkSchema),
  output: z.object({ units: z.int(), results: z.array(resultSchema) }),
  maxUnits: ({ checks }) => checks.length,
  price: '1 unit for every check that worked',
  example: {
    input: { checks: [{ type: 'email', email: 'ada@example.com' }, { type: 'phone' }] },
    output: {
      units: 1,
      results: [
        {
          type: 'email',
          result: {
            email: 'ada@example.com',
            valid: true,
            normalized: 'ada@example.com',
            local: 'ada',
            domain: 'example.com',
          },
        },
        {
          error: {
            code: 'invalid_request',
            errors: [
              {
                pointer: '#/checks/1/phone',
                detail: 'Invalid input: expected string, received undefined',
              },
            ],
          },
        },
      ],
    },
  },
  run: async ({ checks }) => {
    const results = checks.map((check, index) => {
      const parsed = z.safeParse(checkSchema, check)
      if (parsed.success) return run(parsed.data)
      const errors = pointersOf(parsed.error, ['checks', index])
      return { error: { code: 'invalid_request' as const, errors } }
    })
    const units = results.filter(result => 'result' in result).length
    return { body: { units, results }, units }
  },
})
