const VARIABLE = /\$(context|stageVariables)\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)/g

/** The names a text mentions, such as `authorizer.account`, without `$context.`. */
export const contextNames = (text: string): string[] =>
  [...text.matchAll(VARIABLE)].flatMap(([, scope, name]) =>
    scope === 'context' && name !== undefined ? [name] : [],
  )

/** Replaces `$context.…` and `$stageVariables.…`; nothing is escaped, as in API Gateway. */
export function substitute(
  text: string,
  variables: {
    readonly context: ReadonlyMap<string, string>
    readonly stage: Readonly<Record<string, string>>
  },
  absent: (name: string) => string,
): string {
  return text.replace(VARIABLE, (_whole, scope: string, name: string) => {
    const value = scope === 'context' ? variables.context.get(name) : variables.stage[name]
    return value ?? absent(name)
  })
}
