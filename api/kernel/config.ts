import * as z from 'zod/mini'

/**
 * Reads a deployable's environment. Throws one error that lists every missing or malformed variable by name and prints
 * no values. Called at module scope of the `.lambda.ts` entries with the schema of that deployable's `config.ts`.
 */
export function readConfig<S extends z.ZodMiniType>(
  schema: S,
  env: Readonly<Record<string, string | undefined>> = process.env,
): z.output<S> {
  const parsed = z.safeParse(schema, env)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    issue => `${issue.path.join('.')}: ${issue.code === 'invalid_type' ? 'missing' : issue.code}`,
  )
  throw new Error(`The environment is not complete: ${problems.join('; ')}`)
}

/** A variable that must be there and not empty. */
export const required = z.string().check(z.minLength(1))
