import { electronicFormatIBAN, extractIBAN, friendlyFormatIBAN, isValidIBAN } from 'ibantools'
import * as z from 'zod/mini'
import { defineRoute } from './define-route.ts'

export const ibanInput = z.strictObject({ iban: z.string().check(z.minLength(1), z.maxLength(60)) })

export const ibanOutput = z.object({
  iban: z.string(),
  valid: z.boolean(),
  /** Without spaces, as machines write it. */
  electronic: z.nullable(z.string()),
  /** In groups of four, as people write it. */
  printed: z.nullable(z.string()),
  country: z.nullable(z.string()),
  bank: z.nullable(z.string()),
})

export function checkIban({ iban }: z.output<typeof ibanInput>): z.output<typeof ibanOutput> {
  const electronic = electronicFormatIBAN(iban)
  if (electronic === null || !isValidIBAN(electronic))
    return { iban, valid: false, electronic: null, printed: null, country: null, bank: null }
  const { countryCode, bankIdentifier } = extractIBAN(electronic)
  return {
    iban,
    valid: true,
    electronic,
    printed: friendlyFormatIBAN(electronic),
    country: countryCode ?? null,
    bank: bankIdentifier ?? null,
  }
}

export const iban = defineRoute({
  method: 'POST',
  path: '/v1/iban',
  summary: 'Check an IBAN',
  description: 'Checks country, length, format and both check sums of a bank account number.',
  input: ibanInput,
  output: ibanOutput,
  maxUnits: () => 1,
  price: '1 unit',
  example: {
    input: { iban: 'DE89 3704 0044 0532 0130 00' },
    output: {
      iban: 'DE89 3704 0044 0532 0130 00',
      valid: true,
      electronic: 'DE89370400440532013000',
      printed: 'DE89 3704 0044 0532 0130 00',
      country: 'DE',
      bank: '37040044',
    },
  },
  run: async input => ({ body: checkIban(input), units: 1 }),
})
