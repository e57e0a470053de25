/** A path of this site to go back to; `fallback` for anything that leads or could lead elsewhere. */
export function localPath(value: unknown, fallback: string): string {
  if (typeof value !== 'string' || !/^\/[A-Za-z0-9_\-/?=&.%@]*$/.test(value) || value.startsWith('//'))
    return fallback
  return value
}
