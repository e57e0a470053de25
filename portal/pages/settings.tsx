import { Token } from '../components/form.tsx'
import { Head } from '../components/parts.tsx'
import { type Pages, signedIn } from '../http/ports.ts'
import { page } from '../http/render.tsx'

/** Who is signed in, and the way to limits and to what was done to the account. */
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
            <a class="button" href="/keys">
              API keys
            </a>
          </div>
        </section>
        <section class="card stack-m">
          <h2>Activity</h2>
          <p>Everything that was done to this account: by whom, when and why.</p>
          <div class="row">
            <a class="button" href="/settings/activity">
              Show the activity
            </a>
          </div>
        </section>
      </div>,
    )
  })
}
