import type { Answer } from '../api/idempotency.ts'
import { readCard } from '../engine/checkout/read-card.ts'
import { updateCustomer } from '../engine/customers/update-customer.ts'
import type { Engine } from '../engine/engine.ts'
import { Fault } from '../engine/fault.ts'
import { removeCard, saveCard, setDefaultCard } from '../engine/portal/manage-cards.ts'
import { createTaxId, deleteTaxId, taxIdsOf } from '../engine/tax/tax-id.ts'
import type { PortalSession } from '../engine/wire.ts'
import { readAddress } from './address-form.ts'
import { page } from './answer.ts'
import type { CardProblem } from './card-form.ts'
import { cardValues } from './card-values.ts'
import { portalPage } from './portal-page.ts'

/** The billing portal: every form of the page says in `action` what it does; without one it saves a card. */
export function answerPortal(
  engine: Engine,
  session: PortalSession,
  method: string,
  form: URLSearchParams,
): Answer {
  const show = (status: number, done: string | null, problem: CardProblem | null = null, values = {}) =>
    page(portalPage(engine, session, { done, problem, values }), status)
  if (method !== 'POST') return show(200, null)
  const card = form.get('card') ?? ''
  switch (form.get('action')) {
    case 'default-card':
      setDefaultCard(engine, session.customer, card)
      return show(200, 'Saved.')
    case 'remove-card': {
      const removed = removeCard(engine, session.customer, card)
      return removed.ok ? show(200, 'Removed.') : show(409, null, { field: null, message: removed.message })
    }
    case 'save-details': {
      const problem = saveDetails(engine, session.customer, form)
      return problem === null ? show(200, 'Saved.') : show(422, null, { field: null, message: problem })
    }
    default:
      return saveTypedCard(engine, session, form, show)
  }
}

function saveTypedCard(
  engine: Engine,
  session: PortalSession,
  form: URLSearchParams,
  show: (status: number, done: string | null, problem?: CardProblem, values?: object) => Answer,
): Answer {
  const values = cardValues(form)
  const card = readCard(values, engine.time.now())
  if (!card.ok) return show(422, null, card, values)
  const result = saveCard(engine, session.customer, card.card)
  return result.ok ? show(200, 'Saved.') : show(402, null, { field: null, message: result.message }, values)
}

/** Saves e-mail, address and tax id. Answers what is wrong, or `null`. */
function saveDetails(engine: Engine, customerId: string, form: URLSearchParams): string | null {
  const email = form.get('billingEmail')?.trim().slice(0, 500)
  const address = readAddress(form)
  updateCustomer(engine, customerId, {
    ...(email === undefined || email === '' ? {} : { email }),
    ...(address === undefined ? {} : { address }),
  })
  const value = form.get('taxId')?.trim() ?? ''
  const known = taxIdsOf(engine, customerId)
  if (value === (known[0]?.value ?? '')) return null
  try {
    if (value !== '') createTaxId(engine, customerId, { type: 'eu_vat', value })
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
  for (const old of known) deleteTaxId(engine, customerId, old.id)
  return null
}
