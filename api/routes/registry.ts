import { batch } from './batch.ts'
import type { Route } from './define-route.ts'
import { email } from './email.ts'
import { iban } from './iban.ts'
import { phone } from './phone.ts'
import { vat } from './vat.ts'

/** Every metered route. Replace them by your own (README). */
export const routes: readonly Route[] = [phone, email, iban, vat, batch]
