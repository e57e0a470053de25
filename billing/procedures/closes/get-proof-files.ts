import type { closeProcedures } from '#billing/contract'
import { type Failure, fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { plusMs, SECOND_MS } from '#kernel/time'
import { type Part, sha256 } from '../../proof/part-writer.ts'
import { nameOf, readProofDays, STATEMENT_FILE } from '../../proof/write-proof.ts'
import type { BillingDeps } from '../deps.ts'
import { loadInvoice } from './load-invoice.ts'

/** Long enough to fetch a month of files, short enough for an address that lands in a log. */
const EXPIRES_SECONDS = 15 * 60

/**
 * Addresses of the files behind an account's own invoice. The manifest is read first: one that is not the one whose hash
 * was stored with the statement is never handed out.
 */
export const getProofFiles =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'objects'>,
  ): Handlers<typeof closeProcedures>['getProofFiles'] =>
  async (input, call) => {
    const loaded = await loadInvoice(deps, input, call)
    if (!loaded.ok) return loaded
    const { proofFiles } = loaded.value.record
    if (!proofFiles) return NOT_READY
    const { manifestKey } = proofFiles
    const manifest = await deps.objects.get(manifestKey)
    if (!manifest || sha256(manifest) !== proofFiles.sha256)
      throw new Error(`the manifest of ${input.invoiceId} is not the one that was written`)
    const folder = manifestKey.slice(0, manifestKey.lastIndexOf('/') + 1)
    const parts = (await readProofDays(deps.billing, input)).flatMap(day => day.parts)
    const listed: readonly Part[] = [
      { key: manifestKey, sha256: proofFiles.sha256, bytes: manifest.length, rows: 0 },
      ...fileOf(manifest, folder),
      ...parts,
    ]
    const files = listed.map(async ({ key, ...part }) => {
      const fileName = nameOf(key)
      const url = await deps.objects.presignGet(key, { expiresSeconds: EXPIRES_SECONDS, fileName })
      return { name: fileName, url, ...part }
    })
    const expiresAt = plusMs(call.now, EXPIRES_SECONDS * SECOND_MS)
    return ok({ sha256: proofFiles.sha256, expiresAt, files: await Promise.all(files) })
  }

/** The statement's own line of the manifest. */
function fileOf(manifest: Uint8Array, folder: string): Part[] {
  const lines = Buffer.from(manifest).toString('utf8').split('\n')
  const hash = lines.find(line => line.endsWith(`  ${STATEMENT_FILE}`))?.slice(0, 64)
  return hash === undefined ? [] : [{ key: folder + STATEMENT_FILE, sha256: hash, bytes: 0, rows: 0 }]
}

const NOT_READY: Failure = fail(
  'proof_not_ready',
  'The files are being written. This takes a few minutes after an invoice is closed.',
)
