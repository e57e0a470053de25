import { writeFileSync } from 'node:fs'
import { openApiOf } from './openapi.ts'
import { routes } from './registry.ts'

/** `npx node api/routes/write-openapi.ts` after a change of the routes; a test says when it was forgotten. */
const document = JSON.stringify(openApiOf(routes), null, 2)
writeFileSync(new URL('openapi.json', import.meta.url), `${document}\n`)
