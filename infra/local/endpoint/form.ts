import { decompressBody, type HttpRequest } from './http-request.ts'

export function isForm({ headers }: HttpRequest): boolean {
  return (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
}

/** A query protocol's members: those of the body, and those of a presigned or hand-written address. */
export function formOf(request: HttpRequest): URLSearchParams {
  const body = isForm(request) ? decompressBody(request).toString('utf8') : ''
  return new URLSearchParams([...request.query, ...new URLSearchParams(body)])
}

export function actionOf(request: HttpRequest): string | undefined {
  if (!isForm(request) && !request.query.has('Action')) return undefined
  return formOf(request).get('Action') ?? undefined
}
