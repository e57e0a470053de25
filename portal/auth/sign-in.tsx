import type { Failure } from '#kernel/result'
import { Field, Narrow, Notice, Token } from '../components/form.tsx'
import type { AppContext } from '../http/app-env.ts'
import { formFields, normalizeEmail, passwordField } from '../http/form-fields.ts'
import { localPath } from '../http/local-path.ts'
import type { Pages } from '../http/ports.ts'
import { page } from '../http/render.tsx'
import { messageOf } from './messages.ts'

/** Sign-in and sign-out. */
export const signInPages: Pages = (app, ports) => {
  app.get('/signin', c => {
    const next = localPath(c.req.query('next'), '/home')
    if (c.get('user')) return c.redirect(next, 303)
    const email = normalizeEmail(c.req.query('email') ?? '')
    return signInForm(c, { email, next, message: messageOf(c) })
  })

  app.post('/signin', async c => {
    const fields = await formFields(c, 'email', 'next')
    const email = normalizeEmail(fields.email)
    const next = localPath(fields.next, '/home')
    const signedIn = await ports.identity.signIn(email, await passwordField(c))
    if (signedIn.ok) {
      await ports.session.open(c, signedIn.value)
      return c.redirect(next, 303)
    }
    const address = `email=${encodeURIComponent(email)}`
    if (signedIn.code === 'not_confirmed') return c.redirect(`/confirm?${address}&message=not_confirmed`, 303)
    if (signedIn.code === 'password_reset_required')
      return c.redirect(`/forgot?${address}&message=password_reset_required`, 303)
    return signInForm(c, { email, next, failure: signedIn })
  })

  app.post('/signout', async c => {
    await ports.session.close(c)
    return c.redirect('/signin?message=signed_out', 303)
  })
}

type SignInState = {
  readonly email: string
  readonly next: string
  readonly message?: string | undefined
  readonly failure?: Failure
}

function signInForm(c: AppContext, { email, next, message, failure }: SignInState) {
  return page(
    c,
    { title: 'Sign in', shape: 'narrow', status: failure ? 401 : 200 },
    <Narrow title="Sign in">
      {message && <Notice tone="info">{message}</Notice>}
      {failure && <Notice tone="bad">{failure.message}</Notice>}
      <form method="post" action="/signin" class="fields" data-once>
        <Token value={c.get('formToken')()} />
        <input type="hidden" name="next" value={next} />
        <Field label="E-mail" name="email" type="email" autocomplete="username" value={email} />
        <Field label="Password" name="password" type="password" autocomplete="current-password" />
        <button class="primary wide" type="submit">
          Sign in
        </button>
      </form>
      <div class="row spread fine">
        <a href={email ? `/forgot?email=${encodeURIComponent(email)}` : '/forgot'}>Forgot the password?</a>
        <span>
          New here? <a href="/signup">Create an account</a>
        </span>
      </div>
    </Narrow>,
  )
}
