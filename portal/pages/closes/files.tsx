import type { billingContract } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import { Copyable, Head } from '../../components/parts.tsx'
import { formatCount } from '../../format/numbers.ts'
import { formatInstant } from '../../format/time.ts'

type Answer = Awaited<ReturnType<Handlers<typeof billingContract>['getProofFiles']>>
type Files = Extract<Answer, { ok: true }>['value']

/** Enough to check every file and to add up its units, with tools that every system has. */
const COMMANDS = [
  'sha256sum SHA256SUMS',
  'sha256sum --check SHA256SUMS',
  `gunzip -c *.csv.gz | awk -F, '$1 != "id" { units += $5 } END { print units }'`,
].join('\n')

/** The files behind an invoice, with what it takes to check them. */
export function FilesView({ invoiceId, files }: { invoiceId: string; files: Files }) {
  return (
    <div class="stack">
      <Head
        title="Proof of this invoice"
        lede="Every request of the period, with its units and why it was or was not charged."
      >
        <a href={`/billing/${invoiceId}`}>Back to the invoice</a>
      </Head>
      <section class="card stack-m" aria-labelledby="check-title">
        <h2 id="check-title">Check it yourself</h2>
        <p>
          The first command must print the hash below, which was stored with the statement. The second checks
          every file. The third adds up the units: “metered” and “late” in <code>statement.csv</code>.
        </p>
        <Copyable id="manifest-hash">{files.sha256}</Copyable>
        <Copyable id="check-commands" block>
          {COMMANDS}
        </Copyable>
      </section>
      <section class="card flush" aria-labelledby="files-title">
        <div class="head">
          <div>
            <h2 id="files-title">Files</h2>
            <p class="fine">{`The links work until ${formatInstant(files.expiresAt)}; open this page again for new ones.`}</p>
          </div>
        </div>
        <div class="scroll" tabindex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col" class="num">
                  Requests
                </th>
                <th scope="col" class="optional">
                  SHA-256
                </th>
              </tr>
            </thead>
            <tbody>
              {files.files.map(file => (
                <tr>
                  <th scope="row">
                    <a href={file.url} download>
                      {file.name}
                    </a>
                  </th>
                  <td class="num">{file.rows > 0 ? formatCount(file.rows) : '–'}</td>
                  <td class="optional mono fine">{file.sha256.slice(0, 16)}…</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  )
}
