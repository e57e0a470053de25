/** AWS reads JSON up to a thousand levels deep; deeper text would exhaust the stack of whoever walks it. */
export const MAX_JSON_DEPTH = 1_000

/** How deep the objects and arrays of a JSON text are nested. */
export function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth)
    else if (token === '}' || token === ']') depth -= 1
  }
  return deepest
}
