import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fold } from '../../../billing/domain/fold.ts'
import type { Figure } from '../figures.ts'
import type { Traffic } from './traffic.ts'

/** Where the steps of one measurement leave things for each other, and what they work on. */
export type Place = { readonly dir: string; readonly traffic: Traffic }
export type Step = (place: Place) => Promise<readonly Figure[]>

export const ledgerPath = ({ dir }: Place): string => join(dir, 'ledger.sqlite')

export type AccountTotal = Pick<Fold, 'calls' | 'failed' | 'units' | 'refused'> & { readonly account: string }

/** One line for each account that called, in the order of their ids: two sides agree when their files are equal. */
export function writeTotals({ dir }: Place, name: string, totals: readonly AccountTotal[]): void {
  const lines = totals
    .filter(({ calls, refused }) => calls + refused > 0)
    .map(({ account, calls, failed, units, refused }) => [account, calls, failed, units, refused].join(','))
    .sort()
  writeFileSync(totalsPath(dir, name), `account,calls,failed,units,refused\n${lines.join('\n')}\n`)
}

export const totalsPath = (dir: string, name: string): string => join(dir, `${name}.csv`)
