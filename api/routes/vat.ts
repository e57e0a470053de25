import { checkVAT, countries } from 'jsvat'
import * as z from 'zod/mini'
import { defineRoute } from './define-route.ts'

export const vatInput = z.strictObject({ vat: z.string().check(z.minLength(1), z.maxLength(40)) })

export const vatOutput = z.object({
  vat: z.string(),
  valid: z.boolean(),
  normalized: z.nullable(z.string()),
  country: z.nullable(z.string()),
})

export function checkVat({ vat }: z.output<typeof vatInput>): z.output<typeof vatOutput> {
  const { isValid, value, country } = checkVAT(vat, countries)
  return {
    vat,
    valid: isValid,
    normalized: isValid ? (value ?? null) : null,
    country: country?.isoCode.short ?? null,
  }
}

export const vat = defineRoute({
  method: 'POST',
  path: '/v1/vat',
  summary: 'Check a VAT number',
  description: 'Checks country prefix, format and check digits. No tax office is asked.',
  input: vatInput,
  output: vatOutput,
  maxUnits: () => 1,
  price: '1 unit',
  example: {
    input: { vat: 'DE 136 695 976' },
    output: { vat: 'DE 136 695 976', valid: true, normalized: 'DE136695976', country: 'DE' },
  },
  run: async input => ({ body: checkVat(input), units: 1 }),
})
