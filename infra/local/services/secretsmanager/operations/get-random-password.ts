import { randomInt } from 'node:crypto'
import type { GetRandomPasswordRequest, GetRandomPasswordResponse } from '@aws-sdk/client-secrets-manager'
import { z } from 'zod'
import { integer, text } from '../../../input/members.ts'
import { generatePassword } from '../generate-secret.ts'
import type { SecretsOperation } from '../secretsmanager.ts'

const flag = z.optional(z.boolean())

const INPUT = z.strictObject({
  PasswordLength: z.optional(integer(1, 4_096)),
  ExcludeCharacters: z.optional(text({ max: 4_096 })),
  ExcludeNumbers: flag,
  ExcludePunctuation: flag,
  ExcludeUppercase: flag,
  ExcludeLowercase: flag,
  IncludeSpace: flag,
  RequireEachIncludedType: flag,
}) satisfies z.ZodType<GetRandomPasswordRequest>

export const getRandomPassword: SecretsOperation<typeof INPUT, GetRandomPasswordResponse> = {
  input: INPUT,
  run(_manager, input, context) {
    context.authorize('secretsmanager:GetRandomPassword', '*')
    return { RandomPassword: generatePassword(input, randomInt) }
  },
}
