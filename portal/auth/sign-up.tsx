import type { Failure } from '#kernel/result'
import { MINUTE_MS } from '#kernel/time'
import { ensureAccount } from '../accounts/ensure-account.ts'
import { Field, Narrow, Notice, Token } from '../components/form.tsx'
import type { AppContext } from '../http/app-env.ts'
import { formFields, looksLikeEmail, normalizeEmail, passwordField } from '../http/form-fields.ts'
import type { PagePorts, Pages } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { identityFailure, PASSWORD_RULE } from './identity-failures.ts'
import { messageOf } from './messages.ts'

/** A second submit of the same form is a double click within this time, later it is somebody who forgot. */
const DOUBLE_SUBMIT_MS = MINUTE_MS
/** As long as Cognito keeps a sign-up session usable, at most. */
const SIGNUP_COOKIE_SECONDS = 15 * 60

/** Sign-up, confirmation by code, a new code. */
export const signUpPages: Pages = (app, ports) => {
  app.get('/signup', c => (c.get('user') ? c.redirect('/home', 303) : signUpForm(c, '')))

  app.post('/signup', async c => {
    const email = normalizeEmail((await formFields(c, 'email')).email)
    const password = await passwordField(c)
    if (!looksLikeEmail(email)) return signUpForm(c, email, identityFailure('invalid_email'))
    const signedUp = await ports.identity.signUp(email, password)
    if (signedUp.ok) {
      const { userId, session } = signedUp.value
      await ports.accounts.rememberSignUp(email, userId, ports.now())
      if (session) ports.cookies.write(c, 'signup', session, SIGNUP_COOKIE_SECONDS)
      return c.redirect(confirmPath(email), 303)
    }
    if (signedUp.code === 'already_registered' && (await isDoubleSubmit(ports, email)))
      return c.redirect(confirmPath(email), 303)
    if (signedUp.code === 'delivery_failed') return c.redirect(confirmPath(email, 'delivery_failed'), 303)
    return signUpForm(c, email, signedUp)
  })

  app.get('/confirm', c => {
    const email = normalizeEmail(c.req.query('email') ?? '')
    return confirmForm(c, email, undefined, messageOf(c))
  })

  app.post('/confirm', async c => {
    const fields = await formFields(c, 'email', 'code')
    const email = normalizeEmail(fields.email)
    const code = fields.code.replaceAll(/\s/g, '')
    if (!looksLikeEmail(email)) return confirmForm(c, email, identityFailure('invalid_email'))
    const confirmed = await ports.identity.confirmSignUp(email, code, ports.cookies.read(c, 'signup'))
    if (confirmed.ok) return welcome(c, ports, email, confirmed.value.session)
    if (confirmed.code === 'already_confirmed') return c.redirect(signInPath(email, 'already_confirmed'), 303)
    return confirmForm(c, email, confirmed)
  })

  app.post('/confirm/resend', async c => {
    const email = normalizeEmail((await formFields(c, 'email')).email)
    if (!looksLikeEmail(email)) return confirmForm(c, email, identityFailure('invalid_email'))
    const sent = await ports.identity.resendCode(email)
    if (sent.ok || sent.code === 'wrong_credentials') return c.redirect(confirmPath(email, 'code_sent'), 303)
    if (sent.code === 'already_confirmed') return c.redirect(signInPath(email, 'already_confirmed'), 303)
    return confirmForm(c, email, sent)
  })
}

/** Makes the account and, where the pool lets the same browser in without a password, signs in. */
async function welcome(c: AppContext, ports: PagePorts, email: string, session: string | undefined) {
  const signUp = await ports.accounts.findSignUp(email)
  if (signUp) {
    const user = { userId: signUp.userId, email }
    await ensureAccount({ store: ports.accounts, announce: ports.accounts.announce }, user, ports.now())
  }
  const tokens = session ? await ports.identity.continueSession(email, session) : undefined
  if (!tokens?.ok) return c.redirect(signInPath(email, 'confirmed'), 303)
  await ports.session.open(c, tokens.value)
  return c.redirect('/home', 303)
}

const confirmPath = (email: string, message?: string): string =>
  `/confirm?email=${encodeURIComponent(email)}${message ? `&message=${message}` : ''}`
const signInPath = (email: string, message: string): string =>
  `/signin?email=${encodeURIComponent(email)}&message=${message}`

async function isDoubleSubmit(ports: PagePorts, email: string): Promise<boolean> {
  const signUp = await ports.accounts.findSignUp(email)
  return signUp !== undefined && ports.now() - signUp.at < DOUBLE_SUBMIT_MS
}

function signUpForm(c: AppContext, email: string, failure?: Failure) {
  const onField =
    failure?.code === 'invalid_email' ? 'email' : failure?.code === 'weak_password' ? 'password' : ''
  return page(
    c,
    { title: 'Create an account', shape: 'narrow', status: failure ? 422 : 200 },
    <Narrow title="Create your account" lede="Free to start. No card needed.">
      {failure && !onField && (
        <Notice tone="bad">
          {failure.message}
          {failure.code === 'already_registered' && (
            <>
              {' '}
              <a href={`/signin?email=${encodeURIComponent(email)}`}>Sign in</a>, or{' '}
              <a href={`/forgot?email=${encodeURIComponent(email)}`}>reset your password</a> if you forgot it.
            </>
          )}
        </Notice>
      )}
      <form method="post" action="/signup" class="fields" data-once>
        <Token value={c.get('formToken')()} />
        <Field
          label="E-mail"
          name="email"
          type="email"
          autocomplete="email"
          value={email}
          error={onField === 'email' ? failure?.message : undefined}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autocomplete="new-password"
          {...(onField === 'password' ? { error: failure?.message } : { hint: PASSWORD_RULE })}
        />
        <button class="primary wide" type="submit">
          Create account
        </button>
      </form>
      <p class="fine">
        Have an account? <a href="/signin">Sign in</a>
      </p>
    </Narrow>,
  )
}

function confirmForm(c: AppContext, email: string, failure?: Failure, message?: string) {
  return page(
    c,
    { title: 'Confirm your address', shape: 'narrow', status: failure ? 422 : 200 },
    <Narrow
      title="Check your mail"
      lede={email ? `We sent a code to ${email}.` : 'Enter the code that we sent you.'}
    >
      {message && <Notice tone="info">{message}</Notice>}
      {failure && <Notice tone="bad">{failure.message}</Notice>}
      <form method="post" action="/confirm" class="fields" data-once>
        <Token value={c.get('formToken')()} />
        {email ? (
          <input type="hidden" name="email" value={email} />
        ) : (
          <Field label="E-mail" name="email" type="email" autocomplete="email" />
        )}
        <Field label="Code" name="code" autocomplete="one-time-code" inputmode="numeric" maxlength={12} />
        <button class="primary wide" type="submit">
          Confirm
        </button>
      </form>
      {email && (
        <form method="post" action="/confirm/resend" class="row fine" data-once>
          <Token value={c.get('formToken')()} />
          <input type="hidden" name="email" value={email} />
          No mail?
          <button class="quiet small" type="submit">
            Send a new code
          </button>
        </form>
      )}
    </Narrow>,
  )
}
