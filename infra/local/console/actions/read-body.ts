import { fieldsOf } from './action.ts'

export type ReadBody = {
  /** JSON, or the fields of a form that are not empty. */
  readonly body: unknown
  readonly isForm: boolean
  /** The page that the form stands on. */
  readonly back: string
}

/** Reads JSON or a form. */
export function readBody(text: string, contentType: string): ReadBody {
  // curl calls every body of -d a form; one that starts with a brace is JSON all the same.
  const isForm =
    !text.trimStart().startsWith('{') && contentType.startsWith('application/x-www-form-urlencoded')
  if (!isForm) return { body: parse(text), isForm, back: '/' }
  const { back, utc, ...fields } = Object.fromEntries(
    [...new URLSearchParams(text)].filter(([, value]) => value !== ''),
  )
  // A browser's date field has no zone; the console's are all UTC.
  const body = utc === undefined ? fields : { ...fieldsOf(fields), to: `${utc}Z` }
  return { body, isForm, back: localPath(back) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Never an address elsewhere. */
const localPath = (path: string | undefined): string =>
  path !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) ? path : '/'
