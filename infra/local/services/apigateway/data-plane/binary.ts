/** Whether API Gateway passes a body of this media type on as base64: a listed type, or `*` in its place. */
export function isBinary(binaryMediaTypes: readonly string[], mediaType: string | undefined): boolean {
  const type = (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const group = `${type.split('/')[0]}/*`
  return binaryMediaTypes.some(listed => ['*/*', type, group].includes(listed.toLowerCase()) && listed !== '')
}
