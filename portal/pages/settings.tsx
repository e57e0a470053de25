import { Token } from '../components/form.tsx'
import { Head } from '../components/parts.tsx'
import { type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'

/** Who is signed in. */
export const settingsPage: Pages = app => {
  app.get('/settings', c => {
    const user = signedIn(c)
    return page(
      c,
      { title: 'Settings' },
      <div class="stack">
        <Head title="Settings" />
        <section class="card stack-m">
          <h2>Profile</h2>
          <dl class="facts">
            <dt>E-mail</dt>
            <dd>{user.email}</dd>
            <dt>Account</dt>
            <dd class="mono">{user.accountId}</dd>
          </dl>
          <div class="row">
            <a class="button" href={`/forgot?email=${encodeURIComponent(user.email)}`}>
              Change password
            </a>
            <form method="post" action="/signout">
              <Token value={c.get('formToken')()} />
              <button type="submit">Sign out</button>
            </form>
          </div>
        </section>
        <section class="card stack-m">
          <h2>Limits</h2>
          <p>What a period may cost, and what single keys may use.</p>
          <div class="row">
            <a class="button" href="/usage/limits">
              Spend cap
            </a>
          </div>
        </section>
      </div>,
    )
  })
}
