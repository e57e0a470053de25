/** What the reference page says of a route. Prices in units; the OpenAPI document of the API holds the schemas. */
export type RouteDoc = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly summary: string
  readonly units: string
  readonly needsKey: boolean
  /** Body of the example, as JSON text. */
  readonly example?: string
}

export const ROUTE_DOCS: readonly RouteDoc[] = [
  {
    method: 'POST',
    path: '/v1/phone',
    summary: 'Checks a phone number and writes it in international format.',
    units: '1 unit',
    needsKey: true,
    example: '{"phone":"+41446681800"}',
  },
  {
    method: 'POST',
    path: '/v1/email',
    summary: 'Checks the form of an e-mail address and names its parts. No mail is sent.',
    units: '1 unit',
    needsKey: true,
    example: '{"email":"ada@example.com"}',
  },
  {
    method: 'POST',
    path: '/v1/iban',
    summary: 'Checks a bank account number and its check sums.',
    units: '1 unit',
    needsKey: true,
    example: '{"iban":"DE89 3704 0044 0532 0130 00"}',
  },
  {
    method: 'POST',
    path: '/v1/vat',
    summary: 'Checks a European VAT number and its check sum.',
    units: '1 unit',
    needsKey: true,
    example: '{"vat":"DE136695976"}',
  },
  {
    method: 'POST',
    path: '/v1/batch',
    summary: 'Up to 100 checks in one call.',
    units: '1 unit for each check that worked',
    needsKey: true,
    example:
      '{"checks":[{"type":"phone","phone":"+41446681800"},{"type":"email","email":"ada@example.com"}]}',
  },
  {
    method: 'GET',
    path: '/health',
    summary: 'Says that the API is up.',
    units: 'free',
    needsKey: false,
  },
  {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This reference as an OpenAPI document, with every schema.',
    units: 'free',
    needsKey: false,
  },
]

/** Stands in examples where a developer's key goes. */
export const KEY_PLACEHOLDER = 'YOUR_KEY'

/** A curl command for a route; `key` is the secret itself only on the page that shows it once. */
export function curlFor(route: RouteDoc, apiUrl: string, key: string = KEY_PLACEHOLDER): string {
  const lines = [`curl ${route.method === 'GET' ? '' : `-X ${route.method} `}${apiUrl}${route.path}`]
  if (route.needsKey) lines.push(`-H "Authorization: Bearer ${key}"`)
  if (route.example) lines.push('-H "Content-Type: application/json"', `-d '${route.example}'`)
  return lines.join(' \\\n  ')
}

/** The call that the first key is tried with. */
export function firstCall(apiUrl: string, key?: string): string {
  const [first] = ROUTE_DOCS
  if (!first) throw new Error('The reference lists no route')
  return curlFor(first, apiUrl, key)
}
