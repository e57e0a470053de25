/** Members of an object as XML elements; a list's elements are called `member`, a map's `entry`. */
export function toXml(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Map)
    return [...value].map(([key, item]) => element('entry', { key, value: item })).join('')
  if (Array.isArray(value)) return value.map(item => element('member', item)).join('')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, item]) => (item === undefined || item === null ? '' : element(name, item)))
      .join('')
  }
  return escapeXml(String(value))
}

function element(name: string, value: unknown): string {
  return `<${name}>${toXml(value)}</${name}>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}

/** Letters that XML cannot carry at all are replaced. */
export function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"\r]/g, letter => ESCAPES[letter] ?? letter)
  )
}
