import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { KEY_NAME_MAX, type KeyView, keyNameSchema, LIVE_KEYS_MAX } from '#api/contract'
import { keyIdSchema } from '#kernel/schemas'
import type { Instant } from '#kernel/time'
import { Field, Notice, Token } from '../components/form.tsx'
import { Copyable, Empty, Head, Preparing } from '../components/parts.tsx'
import { firstCall } from '../docs/routes.ts'
import type { AppContext } from '../http/app-env.ts'
import { asCustomer } from '../http/call.ts'
import { formFields } from '../http/form-fields.ts'
import { notFoundPage, WATCH_SECONDS } from '../http/outcome-pages.tsx'
import { type PagePorts, type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { KeyTable } from './key-table.tsx'

/** API keys: list, create (the secret is shown once), revoke. */
export const keysPages: Pages = (app, ports) => {
  app.get('/keys', c => keysPage(c, ports, {}))

  app.post('/keys', async c => {
    const user = signedIn(c)
    const { name, once } = await formFields(c, 'name', 'once')
    const parsed = z.safeParse(keyNameSchema, name)
    if (!parsed.success) return keysPage(c, ports, { name, nameError: NAME_RULE })
    const created = await ports.access.createKey(
      { accountId: user.accountId, name: parsed.data, ...(once ? { idempotencyKey: once } : {}) },
      asCustomer(c, ports, user),
    )
    if (!created.ok && created.code === 'account_not_ready') return keysPage(c, ports, {})
    if (!created.ok) return keysPage(c, ports, { name, failure: created.message })
    return keysPage(c, ports, { created: { key: created.value.key, secret: created.value.secret } })
  })

  app.get('/keys/:keyId/revoke', async c => {
    const user = signedIn(c)
    const listed = await ports.access.listKeys({ accountId: user.accountId }, asCustomer(c, ports, user))
    const key = listed.ok && listed.value.keys.find(view => view.keyId === c.req.param('keyId'))
    if (!key) return notFoundPage(c)
    if (key.status !== 'active') return c.redirect('/keys?done=revoked', 303)
    return page(c, { title: 'Revoke a key' }, <RevokeQuestion view={key} token={c.get('formToken')()} />)
  })

  app.post('/keys/:keyId/revoke', async c => {
    const user = signedIn(c)
    const keyId = c.req.param('keyId')
    if (!z.safeParse(keyIdSchema, keyId).success) return notFoundPage(c)
    const revoked = await ports.access.revokeKey(
      { accountId: user.accountId, keyId },
      asCustomer(c, ports, user),
    )
    if (revoked.ok || revoked.code === 'key_already_revoked') return c.redirect('/keys?done=revoked', 303)
    return revoked.code === 'key_not_found' || revoked.code === 'not_found'
      ? notFoundPage(c)
      : keysPage(c, ports, { failure: revoked.message })
  })
}

const NAME_RULE = `Give the key a name of 1 to ${KEY_NAME_MAX} characters, for example where it will be used.`

type KeysState = {
  readonly name?: string
  readonly nameError?: string
  readonly failure?: string
  readonly created?: { readonly key: KeyView; readonly secret: string | null }
}

async function keysPage(c: AppContext, ports: PagePorts, state: KeysState) {
  const user = signedIn(c)
  const call = asCustomer(c, ports, user)
  const [listed, used] = await Promise.all([
    ports.access.listKeys({ accountId: user.accountId }, call),
    lastUses(c, ports),
  ])
  if (!listed.ok) throw new Error(`Listing keys failed: ${listed.code}`)
  const { keys, ready } = listed.value
  const title = 'API keys'
  if (!ready && keys.length === 0)
    return page(
      c,
      { title, watch: { seconds: WATCH_SECONDS, state: 'preparing' } },
      <div class="stack">
        <Head title={title} />
        <Preparing />
      </div>,
    )
  const live = keys.filter(key => key.status === 'active')
  const failed = state.nameError ?? state.failure
  return page(
    c,
    { title, status: failed ? 422 : 200 },
    <div class="stack">
      <Head
        title={title}
        lede={`All keys of your account share its limits. ${live.length} of ${LIVE_KEYS_MAX} in use.`}
      />
      {c.req.query('done') === 'revoked' && (
        <Notice tone="good" title="The key is revoked">
          Calls with it are refused within a minute.
        </Notice>
      )}
      {state.failure && (
        <Notice tone="bad" title="No key was created">
          {state.failure}
        </Notice>
      )}
      {state.created && <NewKey created={state.created} apiUrl={ports.apiUrl} />}
      <CreateForm c={c} state={state} />
      {keys.length === 0 ? (
        <Empty title="No keys yet">
          <p>
            Your keys will be listed here with their last use. Create the first one above; it is shown once.
          </p>
        </Empty>
      ) : (
        <KeyTable keys={keys} used={used} now={ports.now()} />
      )}
    </div>,
  )
}

/** Last uses come from billing's roll-up; the list is shown without them when they cannot be had. */
async function lastUses(c: AppContext, ports: PagePorts): Promise<ReadonlyMap<string, Instant>> {
  const user = signedIn(c)
  try {
    const used = await ports.billing.keyUsage({ accountId: user.accountId }, asCustomer(c, ports, user))
    return new Map(used.ok ? used.value.keys.map(key => [key.keyId, key.lastUsedAt]) : [])
  } catch (error) {
    ports.log.failure('Last uses of keys could not be had', error, c.get('requestId'))
    return new Map()
  }
}

function NewKey({ created, apiUrl }: { created: NonNullable<KeysState['created']>; apiUrl: string }) {
  if (created.secret === null)
    return (
      <Notice tone="warn" title={`The key “${created.key.name}” exists already`}>
        The form was sent twice, and one key was made. Its secret was in the first answer and cannot be shown
        again: if you did not see it, revoke this key below and create another.
      </Notice>
    )
  return (
    <section class="card secret" aria-labelledby="new-key-title">
      <div>
        <h2 id="new-key-title">Copy your new key now</h2>
        <p class="muted">
          “{created.key.name}” is shown this once. We keep only a fingerprint of it; if it is lost, create
          another.
        </p>
      </div>
      <div class="copyable">
        <code id="new-key" data-testid="new-key" tabindex={0}>
          {created.secret}
        </code>
        <button type="button" class="small" data-copy="#new-key">
          Copy
        </button>
      </div>
      <div class="stack-s">
        <h3>Try it</h3>
        <Copyable id="first-call" block>
          {firstCall(apiUrl, created.secret)}
        </Copyable>
      </div>
    </section>
  )
}

function CreateForm({ c, state }: { c: AppContext; state: KeysState }) {
  return (
    <form method="post" action="/keys" class="inline-form" data-once>
      <Token value={c.get('formToken')()} />
      <input type="hidden" name="once" value={randomUUID()} />
      <Field
        label="New key"
        name="name"
        maxlength={KEY_NAME_MAX}
        placeholder="Production server"
        autocomplete="off"
        value={state.name}
        error={state.nameError}
      />
      <button class="primary" type="submit">
        Create key
      </button>
    </form>
  )
}

function RevokeQuestion({ view, token }: { view: KeyView; token: string }) {
  return (
    <div class="stack">
      <Head title={`Revoke “${view.name}”?`} />
      <section class="card stack-m">
        <p>
          Calls with <code>{view.masked}</code> will be refused within a minute, and this cannot be undone.
          Your other keys go on working. What the key has used stays on your bill and in your history.
        </p>
        <form method="post" action={`/keys/${view.keyId}/revoke`} class="row" data-once>
          <Token value={token} />
          <button class="danger" type="submit">
            Revoke this key
          </button>
          <a class="button quiet" href="/keys">
            Keep it
          </a>
        </form>
      </section>
    </div>
  )
}
