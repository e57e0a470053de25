const VARIABLE = /\$(context|stageVariables|method\.request)\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)/g

type Scope = 'context' | 'stageVariables' | 'method.request'

/** A text with variables, taken apart once and filled in for each request. */
export type Template = readonly (string | { readonly scope: Scope; readonly name: string })[]

export function compileTemplate(text: string): Template {
  const parts: Template[number][] = []
  let end = 0
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > end) parts.push(text.slice(end, match.index))
    parts.push({ scope: match[1] as Scope, name: match[2] ?? '' })
    end = match.index + match[0].length
  }
  return end < text.length ? [...parts, text.slice(end)] : parts
}

/** The names a template mentions of `$context`, such as `authorizer.account`. */
export const contextNames = (template: Template): string[] =>
  template.flatMap(part => (typeof part !== 'string' && part.scope === 'context' ? [part.name] : []))

/** Fills in the variables; nothing is escaped, as in API Gateway. */
export function fill(
  template: Template,
  variable: (scope: Scope, name: string) => string | undefined,
  absent: (name: string) => string,
): string {
  let text = ''
  for (const part of template) {
    text += typeof part === 'string' ? part : (variable(part.scope, part.name) ?? absent(part.name))
  }
  return text
}
