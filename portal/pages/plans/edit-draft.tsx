import * as z from 'zod/mini'
import type { PlanDraft, PlanVersion } from '#billing/contract'
import { planIdSchema } from '#billing/contract'
import { Notice, Token } from '../../components/form.tsx'
import { Head } from '../../components/parts.tsx'
import type { AppContext } from '../../http/app-env.ts'
import { asAdmin } from '../../http/call.ts'
import { notFoundPage } from '../../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../../http/ports.ts'
import { page } from '../../http/render.tsx'
import { type DraftFields, definitionOf, fieldOfPointer, fieldsOf } from './draft-form.ts'
import { Input, Notes } from './parts.tsx'

const NEW_FIELDS: DraftFields = {
  ...{ model: 'graduated', tierCount: '2', upTo_0: '10000', price_0: '0', price_1: '0.001' },
  ...{ flatFee: '', rate: '10', burst: '100' },
}

/** A draft is edited here; every button saves it, right or not. */
export const draftPages: Pages = (app, ports) => {
  app.post('/admin/plans/new', async c => {
    const { planId } = await readFields(c)
    const parsed = z.safeParse(planIdSchema, planId)
    if (parsed.success) return c.redirect(`/admin/plans/${parsed.data}/draft`, 303)
    return c.redirect('/admin/plans?message=bad_id', 303)
  })

  app.get('/admin/plans/:planId/draft', c => editor(c, ports))

  app.post('/admin/plans/:planId/draft', async c => {
    const planId = planIdOf(c)
    if (!planId) return notFoundPage(c)
    const fields = await readFields(c)
    const call = asAdmin(c, ports, signedIn(c))
    const revision = Number(fields.revision) || null
    const here = `/admin/plans/${planId}/draft`
    if (fields.action === 'discard' && revision !== null) {
      await ports.billing.adminDiscardDraft({ planId, revision }, call)
      return c.redirect('/admin/plans?message=discarded', 303)
    }
    const saved = await ports.billing.adminSaveDraft(
      {
        ...{ planId, revision, definition: definitionOf(fields, fields.currency ?? 'usd') },
        ...(fields.unit && { unit: fields.unit }),
        ...(fields.currency && { currency: fields.currency }),
      },
      call,
    )
    if (!saved.ok) return editor(c, ports, { fields, refusal: saved.message })
    if (fields.action === 'review') return c.redirect(`/admin/plans/${planId}/review`, 303)
    return c.redirect(fields.action === 'save' ? `${here}?saved=yes` : `${here}#prices`, 303)
  })
}

export function planIdOf(c: AppContext): string | undefined {
  const parsed = z.safeParse(planIdSchema, c.req.param('planId'))
  return parsed.success ? parsed.data : undefined
}

const FIELD_MAX = 400
async function readFields(c: AppContext): Promise<DraftFields> {
  const body = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.trim().slice(0, FIELD_MAX)]] : [],
    ),
  )
}

type Kept = { readonly fields: DraftFields; readonly refusal: string }

async function editor(c: AppContext, ports: PagePorts, kept?: Kept) {
  const planId = planIdOf(c)
  if (!planId) return notFoundPage(c)
  const call = asAdmin(c, ports, signedIn(c))
  const [found, listed] = await Promise.all([
    ports.billing.adminGetDraft({ planId }, call),
    ports.billing.adminListPlans({}, call),
  ])
  if (!listed.ok) throw new Error(`plans could not be listed: ${listed.code}`)
  const draft = found.ok ? found.value.draft : undefined
  const live = listed.value.versions.find(({ id }) => id === planId)
  const currency = draft?.currency ?? listed.value.currency
  const fields = kept?.fields ?? fieldsFor(draft, live)
  const title = live ? `${live.name}: draft` : `New plan ${planId}`
  return page(
    c,
    { title, status: kept ? 409 : 200 },
    <div class="stack">
      <Head
        title={title}
        lede={
          live
            ? `${live.planVersionId} stays as it is for who is on it. Publishing the draft makes ${planId}@${live.version + 1}.`
            : 'Nothing is on sale before you publish it.'
        }
      />
      {kept && (
        <Notice tone="bad" title="The draft was not saved">
          {kept.refusal}
        </Notice>
      )}
      {!kept && c.req.query('saved') && (
        <Notice tone="good">{`Saved as revision ${draft?.revision ?? 0}.`}</Notice>
      )}
      {draft && <Notes tone="bad" title="Before it can be published" notes={draft.problems} />}
      {draft && <Notes tone="warn" title="Worth a second look" notes={draft.warnings} />}
      <Editor
        action={`/admin/plans/${planId}/draft`}
        token={c.get('formToken')()}
        unit={kept?.fields.unit ?? draft?.unit ?? live?.unit ?? 'call'}
        {...{ draft, currency, fields, isFirst: listed.value.versions.length === 0 }}
      />
    </div>,
  )
}

function fieldsFor(draft: PlanDraft | undefined, live: PlanVersion | undefined): DraftFields {
  if (draft) return fieldsOf(draft)
  return live ? fieldsOf({ definition: { ...live }, currency: live.currency }) : NEW_FIELDS
}

type EditorProps = {
  readonly action: string
  readonly token: string
  readonly draft: PlanDraft | undefined
  readonly fields: DraftFields
  readonly currency: string
  readonly unit: string
  readonly isFirst: boolean
}

function Editor({ action, token, draft, fields, currency, unit, isFirst }: EditorProps) {
  const errors = new Map((draft?.problems ?? []).map(note => [fieldOfPointer(note.pointer), note.message]))
  const input = (name: string) => ({ name, value: fields[name] ?? '', error: errors.get(name) })
  const money = currency.toUpperCase()
  return (
    <form method="post" action={action} class="stack">
      <Token value={token} />
      <input type="hidden" name="revision" value={String(draft?.revision ?? '')} />
      {!isFirst && <input type="hidden" name="currency" value={currency} />}
      {/* The first submit button is what the enter key presses. */}
      <button class="hidden" type="submit" name="action" value="save">
        Save
      </button>
      <section class="card stack-m" aria-labelledby="what">
        <h2 id="what">What it is</h2>
        <Input label="Name" maxlength={40} {...input('name')} />
        <Input label="Description" maxlength={200} {...input('description')} />
        {isFirst && (
          <Input
            label="Currency"
            name="currency"
            value={currency}
            maxlength={3}
            hint="Three letters. It cannot be changed once a plan is published."
          />
        )}
        <Input
          label="Unit"
          name="unit"
          value={unit}
          maxlength={20}
          error={errors.get('unit')}
          hint="What is counted, in the singular: check."
        />
      </section>
      <section class="card stack-m" aria-labelledby="prices">
        <h2 id="prices">What it costs</h2>
        <Input
          label={`Monthly fee (${money})`}
          numeric
          hint="Paid in advance. Empty or 0 for none."
          {...input('flatFee')}
        />
        <ModelChoice fields={fields} />
        <Prices {...{ fields, money, unit, errors }} />
      </section>
      <section class="card stack-m" aria-labelledby="limits">
        <h2 id="limits">Where it ends</h2>
        <Input
          label={`Hard limit (${unit}s a month)`}
          numeric
          hint="Calls beyond are refused. Empty for none. A plan without any price needs one."
          {...input('hardLimit')}
        />
        <Input
          label={`Spend cap of new payers (${money})`}
          numeric
          hint="Until their first invoice with usage is paid. Empty for none."
          {...input('defaultCap')}
        />
        <Input label="Requests a second" numeric {...input('rate')} />
        <Input label="Burst" numeric hint="Requests at once, before the rate applies." {...input('burst')} />
      </section>
      <div class="row">
        <button class="primary" type="submit" name="action" value="review">
          Save and review
        </button>
        <button type="submit" name="action" value="save">
          Save
        </button>
        {draft && (
          <button class="quiet danger" type="submit" name="action" value="discard">
            Discard the draft
          </button>
        )}
        <a class="button quiet" href="/admin/plans">
          Back to the plans
        </a>
      </div>
    </form>
  )
}

const MODEL_NAMES = [
  ['graduated', 'Graduated: each unit at the price of its tier'],
  ['volume', 'Volume: all units at the price of the last tier reached'],
  ['per_unit', 'Per unit: each unit the same'],
  ['package', 'Packages: a begun one is paid whole'],
] as const

function ModelChoice({ fields }: { fields: DraftFields }) {
  return (
    <div class="inline-form">
      <div class="field">
        <label for="model">How usage is priced</label>
        <select id="model" name="model">
          {MODEL_NAMES.map(([value, name]) => (
            <option value={value} selected={fields.model === value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" name="action" value="model">
        Show its fields
      </button>
    </div>
  )
}

function Prices(props: {
  readonly fields: DraftFields
  readonly money: string
  readonly unit: string
  readonly errors: ReadonlyMap<string, string>
}) {
  const { fields, money, unit, errors } = props
  const input = (name: string) => ({ name, value: fields[name] ?? '', error: errors.get(name) })
  if (fields.model === 'per_unit')
    return <Input label={`Price per ${unit} (${money})`} numeric {...input('unitPrice')} />
  if (fields.model === 'package')
    return (
      <>
        <Input label={`${unit}s in a package`} numeric {...input('packageUnits')} />
        <Input label={`Price of a package (${money})`} numeric {...input('packagePrice')} />
      </>
    )
  const count = Number(fields.tierCount ?? '0')
  return (
    <div class="stack-s">
      <input type="hidden" name="tierCount" value={String(count)} />
      <p class="fine">A first tier at price 0 is what the fee includes. The last tier has no end.</p>
      <section class="scroll" tabindex={0} aria-label="Tiers">
        <table>
          <thead>
            <tr>
              <th scope="col">Tier</th>
              <th scope="col">{`Up to (${unit}s)`}</th>
              <th scope="col">{`Price per ${unit} (${money})`}</th>
              <th scope="col">{`Fee of the tier (${money})`}</th>
              <th scope="col">
                <span class="hidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: count }, (_, i) => (
              <tr>
                <th scope="row">{i + 1}</th>
                <td>
                  {i === count - 1 ? (
                    <span class="muted">no end</span>
                  ) : (
                    <Input bare numeric label={`Tier ${i + 1} up to`} {...input(`upTo_${i}`)} />
                  )}
                </td>
                <td>
                  <Input bare numeric label={`Tier ${i + 1} price`} {...input(`price_${i}`)} />
                </td>
                <td>
                  <Input bare numeric label={`Tier ${i + 1} fee`} {...input(`flat_${i}`)} />
                </td>
                <td>
                  {count > 1 && (
                    <button class="small quiet" type="submit" name="action" value={`remove_${i}`}>
                      Remove
                      <span class="hidden">{` tier ${i + 1}`}</span>
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div class="row">
        <button class="small" type="submit" name="action" value="add_tier">
          Add a tier
        </button>
      </div>
    </div>
  )
}
