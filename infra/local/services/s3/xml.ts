const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** An element's content: text, or elements by name in order; a list repeats its element. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml }

/** A document as S3 writes it. Errors carry no namespace. */
export function document(root: string, content: Xml): string {
  const xmlns = root === 'Error' ? '' : ` xmlns="${XMLNS}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${write(content)}</${root}>`
}

function write(content: Xml): string {
  if (content === undefined) return ''
  if (typeof content !== 'object') return escapeText(String(content))
  if (isList(content)) return content.map(write).join('')
  return Object.entries(content)
    .flatMap(([name, value]) =>
      isList(value) ? value.map(item => [name, item] as const) : [[name, value] as const],
    )
    .map(([name, value]) => (value === undefined ? '' : `<${name}>${write(value)}</${name}>`))
    .join('')
}

const isList = (content: Xml): content is readonly Xml[] => Array.isArray(content)

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Keys may hold any character; those that XML has no letter for are written by number. */
const escapeText = (text: string): string =>
  text
    .replace(/[&<>"]/g, letter => ENTITIES[letter] ?? letter)
    .replace(/(?![\t\n])\p{Cc}|[\ufffe\uffff]/gu, letter => `&#x${letter.charCodeAt(0).toString(16)};`)
