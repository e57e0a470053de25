import type { Failure } from '#kernel/result'
import { Field, Narrow, Notice, Token } from '../components/form.tsx'
import type { AppContext } from '../http/app-env.ts'
import { formFields, looksLikeEmail, normalizeEmail, passwordField } from '../http/form-fields.ts'
import type { Pages } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { identityFailure, PASSWORD_RULE } from './identity-failures.ts'
import { messageOf } from './messages.ts'

/** Failures of asking for a code that would tell whether an account exists. */
const SILENT = new Set(['wrong_credentials', 'not_confirmed', 'invalid_email'])

/** A forgotten password: ask for a code, then set a new one with it. */
export const recoverPages: Pages = (app, ports) => {
  app.get('/forgot', c => forgotForm(c, normalizeEmail(c.req.query('email') ?? ''), undefined, messageOf(c)))

  app.post('/forgot', async c => {
    const email = normalizeEmail((await formFields(c, 'email')).email)
    if (!looksLikeEmail(email)) return forgotForm(c, email, identityFailure('invalid_email'))
    const sent = await ports.identity.forgotPassword(email)
    if (!sent.ok && !SILENT.has(sent.code)) return forgotForm(c, email, sent)
    return c.redirect(`/reset?email=${encodeURIComponent(email)}`, 303)
  })

  app.get('/reset', c => resetForm(c, normalizeEmail(c.req.query('email') ?? '')))

  app.post('/reset', async c => {
    const fields = await formFields(c, 'email', 'code')
    const email = normalizeEmail(fields.email)
    const code = fields.code.replaceAll(/\s/g, '')
    const reset = await ports.identity.resetPassword(email, code, await passwordField(c))
    if (!reset.ok) return resetForm(c, email, reset, reset.code === 'weak_password' ? code : '')
    return c.redirect(`/signin?email=${encodeURIComponent(email)}&message=password_changed`, 303)
  })
}

function forgotForm(c: AppContext, email: string, failure?: Failure, message?: string) {
  return page(
    c,
    { title: 'Forgotten password', shape: 'narrow', status: failure ? 422 : 200 },
    <Narrow title="Reset your password" lede="We send a code to your address. Your API keys go on working.">
      {message && <Notice tone="info">{message}</Notice>}
      {failure && <Notice tone="bad">{failure.message}</Notice>}
      <form method="post" action="/forgot" class="fields" data-once>
        <Token value={c.get('formToken')()} />
        <Field label="E-mail" name="email" type="email" autocomplete="username" value={email} />
        <button class="primary wide" type="submit">
          Send the code
        </button>
      </form>
      <p class="fine">
        <a href="/signin">Back to sign-in</a>
      </p>
    </Narrow>,
  )
}

/** `code` is kept where only the password was refused: Cognito has not used it up then. */
function resetForm(c: AppContext, email: string, failure?: Failure, code = '') {
  const weak = failure?.code === 'weak_password'
  return page(
    c,
    { title: 'New password', shape: 'narrow', status: failure ? 422 : 200 },
    <Narrow
      title="Choose a new password"
      lede={email ? `If there is an account for ${email}, a code is on its way to it.` : undefined}
    >
      {failure && !weak && <Notice tone="bad">{failure.message}</Notice>}
      <form method="post" action="/reset" class="fields" data-once>
        <Token value={c.get('formToken')()} />
        <Field label="E-mail" name="email" type="email" autocomplete="username" value={email} />
        <Field
          label="Code"
          name="code"
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={12}
          value={code}
        />
        <Field
          label="New password"
          name="password"
          type="password"
          autocomplete="new-password"
          {...(weak ? { error: failure.message } : { hint: PASSWORD_RULE })}
        />
        <button class="primary wide" type="submit">
          Change password
        </button>
      </form>
      <p class="fine">
        No mail? <a href={`/forgot?email=${encodeURIComponent(email)}`}>Ask for a new code</a>
      </p>
    </Narrow>,
  )
}
