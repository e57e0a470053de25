import { contains, type Period, toIso } from '#kernel/time'
import type { LedgerRecords } from '../domain/fold.ts'
import { listRequests, type Request } from '../domain/fold.ts'

/** Header of every part. */
export const PROOF_HEADER = 'id,usedAt,key,route,units,status,charged,why'

/** The requests of an hour that lie in a period, oldest first, each with what it costs. */
export const requestsOf = (records: LedgerRecords, period: Period): Request[] =>
  listRequests(records)
    .filter(({ usedAt }) => contains(period, usedAt))
    .reverse()

/** A route of the owner's could hold what separates columns. */
const plain = (text: string): string => text.replaceAll(/[",\r\n]/g, encodeURIComponent)

export const proofRow = ({ id, usedAt, keyId, route, units, status, outcome }: Request): string =>
  [
    ...[plain(id), toIso(usedAt), plain(keyId), plain(route), units, status],
    ...[outcome === 'charged' ? 'yes' : 'no', outcome],
  ].join(',')
