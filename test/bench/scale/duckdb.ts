import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Figure, megabytes, peakRss, perSecond, seconds } from '../figures.ts'
import { type AccountTotal, type Place, writeTotals } from './place.ts'
import { deliver } from './traffic.ts'

const csvPath = ({ dir }: Place, name: 'usage' | 'access'): string => join(dir, `${name}.csv`)

/** The same deliveries, line by line and with their repetitions, as files that DuckDB reads. */
export async function writeCsv(place: Place): Promise<readonly Figure[]> {
  const usageFile = createWriteStream(csvPath(place, 'usage'))
  const accessFile = createWriteStream(csvPath(place, 'access'))
  usageFile.write('id,account,key,route,units,status,used_at,duration_ms\n')
  accessFile.write('id,account,key,route,status,used_at\n')
  const write = async (file: typeof usageFile, lines: readonly string[]) => {
    if (!file.write(lines.join(''))) await once(file, 'drain')
  }
  for (const { usage, access } of deliver(place.traffic)) {
    await write(
      usageFile,
      usage.map(
        ({ id, account, key, route, units, status, usedAt, durationMs }) =>
          `${id},${account},${key},${route},${units},${status},${usedAt},${durationMs}\n`,
      ),
    )
    await write(
      accessFile,
      access.map(
        ({ id, account, key, route, status, usedAt }) =>
          `${id},${account},${key},${route},${status},${usedAt}\n`,
      ),
    )
  }
  await Promise.all([finished(usageFile.end()), finished(accessFile.end())])
  return []
}

/** De-duplicates, voids and groups as `billing/domain/fold.ts` says, in SQL on tables in memory. */
export async function duckdb(place: Place): Promise<readonly Figure[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const clocked = async (sql: string) => {
    const startedAt = performance.now()
    const reader = await connection.runAndReadAll(sql)
    return { rows: reader.getRowsJson(), ms: performance.now() - startedAt }
  }
  let loadMs = 0
  for (const name of ['usage', 'access'] as const)
    loadMs += (await clocked(`CREATE TABLE ${name} AS FROM read_csv('${csvPath(place, name)}')`)).ms
  const loadedRss = process.memoryUsage.rss()
  const byAccount = await clocked(`${RESOLVED} ${BY_ACCOUNT}`)
  const byHour = await clocked(`CREATE TABLE totals AS ${RESOLVED} ${BY_HOUR}`)
  const [[threads] = []] = (await clocked(`SELECT current_setting('threads')`)).rows
  writeTotals(place, 'duckdb', byAccount.rows.map(toTotal))
  const { events } = place.traffic
  return [
    ['DuckDB: CSV → tables', `${perSecond(events, loadMs, 'events')} in ${seconds(loadMs)}`],
    ['  memory after it', megabytes(loadedRss)],
    [
      'DuckDB: de-duplicate, void, group by account',
      `${perSecond(events, byAccount.ms, 'events')} in ${seconds(byAccount.ms)}`,
    ],
    [
      'DuckDB: the same by account, hour, key and route',
      `${perSecond(events, byHour.ms, 'events')} in ${seconds(byHour.ms)}`,
    ],
    ['  threads', String(threads)],
    ['  peak memory', peakRss()],
  ]
}

const RESOLVED = `
  WITH served AS (
    SELECT id, any_value(account) AS account, any_value(key) AS key, any_value(route) AS route,
           any_value(units) AS units, any_value(status) AS status, any_value(used_at) AS used_at
    FROM usage GROUP BY id),
  answered AS (SELECT id, any_value(account) AS account, any_value(status) AS status FROM access GROUP BY id),
  resolved AS (
    SELECT served.*, served.status >= 400 OR coalesce(answered.status, 0) >= 500 AS failed
    FROM served LEFT JOIN answered USING (id)),
  refused AS (
    SELECT account, count(*) AS refused FROM answered ANTI JOIN served USING (id) WHERE status >= 400 GROUP BY account)`

const SUMS = `count(*) AS calls, count(*) FILTER (failed) AS failed, sum(CASE WHEN failed THEN 0 ELSE units END) AS units`

const BY_ACCOUNT = `
  SELECT account, coalesce(calls, 0) AS calls, coalesce(failed, 0) AS failed, coalesce(units, 0) AS units,
         coalesce(refused, 0) AS refused
  FROM (SELECT account, ${SUMS} FROM resolved GROUP BY account) FULL JOIN refused USING (account)`

const BY_HOUR = `
  SELECT account, used_at // 3600000 AS hour, key, route, ${SUMS} FROM resolved GROUP BY account, hour, key, route`

function toTotal([account, ...numbers]: readonly unknown[]): AccountTotal {
  const [calls = 0, failed = 0, units = 0, refused = 0] = numbers.map(Number)
  return { account: String(account), calls, failed, units, refused }
}
