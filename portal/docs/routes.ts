/** What the reference page says of a route. Prices in checks; the OpenAPI document of the API holds the schemas. */
export type RouteDoc = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly summary: string
  /** What a call costs. */
  readonly price: string
  readonly needsKey: boolean
  /** Body of the example, as JSON text. */
  readonly example?: string
  /** What the API answers to the example, as JSON text. */
  readonly answer?: string
}

export const ROUTE_DOCS: readonly RouteDoc[] = [
  {
    method: 'POST',
    path: '/v1/phone',
    summary: 'Checks a phone number and writes it in international format.',
    price: '1 check',
    needsKey: true,
    example: '{"phone":"+41446681800"}',
    answer:
      '{"phone":"+41446681800","valid":true,"possible":true,"e164":"+41446681800","international":"+41 44 668 18 00","national":"044 668 18 00","country":"CH","callingCode":"41","type":"fixed_line"}',
  },
  {
    method: 'POST',
    path: '/v1/email',
    summary: 'Checks the form of an e-mail address and names its parts. No mail is sent.',
    price: '1 check',
    needsKey: true,
    example: '{"email":"ada@example.com"}',
    answer:
      '{"email":"ada@example.com","valid":true,"normalized":"ada@example.com","local":"ada","domain":"example.com"}',
  },
  {
    method: 'POST',
    path: '/v1/iban',
    summary: 'Checks a bank account number and its check sums.',
    price: '1 check',
    needsKey: true,
    example: '{"iban":"DE89 3704 0044 0532 0130 00"}',
    answer:
      '{"iban":"DE89 3704 0044 0532 0130 00","valid":true,"electronic":"DE89370400440532013000","printed":"DE89 3704 0044 0532 0130 00","country":"DE","bank":"37040044"}',
  },
  {
    method: 'POST',
    path: '/v1/vat',
    summary: 'Checks a European VAT number and its check sum.',
    price: '1 check',
    needsKey: true,
    example: '{"vat":"DE136695976"}',
    answer: '{"vat":"DE136695976","valid":true,"normalized":"DE136695976","country":"DE"}',
  },
  {
    method: 'POST',
    path: '/v1/batch',
    summary: 'Up to 100 checks in one call.',
    price: '1 check for each one that worked',
    needsKey: true,
    example:
      '{"checks":[{"type":"phone","phone":"+41446681800"},{"type":"email","email":"ada@example.com"}]}',
  },
  {
    method: 'GET',
    path: '/health',
    summary: 'Says that the API is up.',
    price: 'nothing',
    needsKey: false,
  },
  {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This reference as an OpenAPI document, with every schema.',
    price: 'nothing',
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

/** What the API answers to it, laid out for reading. */
export const firstAnswer = (): string => prettyAnswer(ROUTE_DOCS[0]?.answer ?? '{}')

export const prettyAnswer = (answer: string): string => JSON.stringify(JSON.parse(answer), null, 2)
