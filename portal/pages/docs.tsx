import { PROBLEMS } from '#api/contract'
import { Copyable } from '../components/parts.tsx'
import { curlFor, prettyAnswer, ROUTE_DOCS } from '../docs/routes.ts'
import type { AppContext } from '../http/app-env.ts'
import type { Pages } from '../http/ports.ts'
import { page } from '../http/render.tsx'

/** Reference and error list. Public; the same for everybody but for the frame. */
export const docsPages: Pages = (app, { apiUrl }) => {
  app.get('/docs', c => page(c, { title: 'API reference', shape: 'public' }, reference(apiUrl)))
  app.get('/docs/errors', (c: AppContext) => page(c, { title: 'Errors', shape: 'public' }, errors()))
}

const reference = (apiUrl: string) => (
  <div class="wrap docs">
    <div class="stack-m">
      <h1>API reference</h1>
      <p class="lede">
        JSON over HTTPS. Send your key as <code>Authorization: Bearer …</code>. You pay only for what worked:
        an answer with status 400 or above costs nothing. Its header <code>Tollgate-Units</code> says how many
        checks a call was charged.
      </p>
      <dl class="facts">
        <dt>Base address</dt>
        <dd>
          <code>{apiUrl}</code>
        </dd>
        <dt>Schemas</dt>
        <dd>
          <a href={`${apiUrl}/openapi.json`}>openapi.json</a>
        </dd>
        <dt>Errors</dt>
        <dd>
          Problem documents with a stable <code>code</code>: <a href="/docs/errors">all codes</a>
        </dd>
      </dl>
    </div>
    {ROUTE_DOCS.map((route, i) => (
      <section class="stack-s" aria-labelledby={`route-${i}`}>
        <h2 id={`route-${i}`} class="row">
          <span class="verb">{route.method}</span> <span class="mono">{route.path}</span>
        </h2>
        <p>{route.summary}</p>
        <p class="fine">
          Costs {route.price}. {route.needsKey ? 'Needs a key.' : 'Needs no key.'}
        </p>
        <Copyable id={`curl-${i}`} block>
          {curlFor(route, apiUrl)}
        </Copyable>
        {route.answer && (
          <>
            <p class="fine">It answers</p>
            <pre tabindex={0}>
              <code>{prettyAnswer(route.answer)}</code>
            </pre>
          </>
        )}
      </section>
    ))}
  </div>
)

const errors = () => (
  <div class="wrap docs">
    <div class="stack-m">
      <h1>Errors</h1>
      <p class="lede">
        Every error is an <code>application/problem+json</code> document (RFC 9457). Decide by{' '}
        <code>code</code>, which never changes; <code>title</code> and <code>detail</code> are for people. No
        error costs units.
      </p>
    </div>
    <div>
      {Object.entries(PROBLEMS).map(([code, problem]) => (
        <section class="problem" id={code}>
          <h2 class="row">
            <a class="mono" href={`#${code}`}>
              {code}
            </a>
            <span class="badge">{problem.status}</span>
          </h2>
          <p>{problem.title}.</p>
          <p class="muted">{problem.remedy}</p>
        </section>
      ))}
    </div>
  </div>
)
