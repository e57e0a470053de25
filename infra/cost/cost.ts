import { ASSEMBLY_DIR } from '../aws/assembly.ts'
import { type Deployment, readDeployment, readTemplates } from './deployment.ts'
import { type CostLine, estimate } from './estimate.ts'
import { formatUsd, type Picodollars, type Tier } from './money.ts'
import { PRICES, type PriceName } from './prices.ts'
import { ASSUMPTIONS, DURATIONS, REQUEST_UNITS, WORKLOADS } from './workload.ts'

/** What the synthesized templates cost, by service, with sources and assumptions. `--lines` adds every line. */
export function costReport(deployment: Deployment, withLines: boolean): string {
  const estimates = WORKLOADS.map(workload => ({ workload, ...estimate(deployment, workload) }))
  const services = [...new Set(estimates.flatMap(({ lines }) => lines.map(({ service }) => service)))]
  const row = (name: string, amountOf: (lines: readonly CostLine[]) => Picodollars): string[] => [
    name,
    ...estimates.map(({ lines }) => formatUsd(amountOf(lines))),
  ]
  const perMillion = estimates.map(({ total, workload }) => formatUsd((total * 1_000_000n) / workload.calls))
  const items = (service: string) => [
    ...new Set(
      estimates.flatMap(({ lines }) => lines.filter(l => l.service === service).map(({ item }) => item)),
    ),
  ]
  const rows = [
    ['USD a month', ...WORKLOADS.map(({ calls }) => `${calls / 1_000_000n} M calls`)],
    ...services.flatMap(service => [
      row(service, lines => sum(lines.filter(line => line.service === service))),
      ...(withLines ? items(service) : []).map(item =>
        row(`  ${item}`, lines => sum(lines.filter(line => line.service === service && line.item === item))),
      ),
    ]),
    row('together', sum),
    ['for a million calls', ...perMillion],
  ]
  const used = [...new Set(estimates.flatMap(({ lines }) => lines.map(({ price }) => price)))]
  return [
    table(rows),
    'Prices (US East, N. Virginia; list prices without free tiers, discounts and taxes)',
    ...used.map(describePrice),
    '',
    'Assumptions (infra/cost/workload.ts says what each is)',
    ...WORKLOADS.map(workload => `  ${describe(workload)}`),
    ...[ASSUMPTIONS, DURATIONS].map(group => `  ${describe(group)}`),
    `  DynamoDB request units: ${Object.entries(REQUEST_UNITS)
      .map(([name, { reads, writes }]) => `${name} ${reads} reads ${writes} writes`)
      .join(', ')}`,
    '',
    'Not counted: mail, tracing, Stripe’s fees, more than one month of stored usage, the time of people.',
  ].join('\n')
}

const sum = (lines: readonly CostLine[]): Picodollars => lines.reduce((total, { cost }) => total + cost, 0n)

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map(row => row[i]?.length ?? 0))) ?? []
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
  return `${rows.map(row => cells(row).join('  ')).join('\n')}\n`
}

function describePrice(name: PriceName): string {
  const { unit, source, asOf, standing } = PRICES[name]
  const tiers: readonly Tier[] = PRICES[name].tiers
  const steps = tiers
    .map(({ usd, upTo, standing }) => {
      const doubt = standing === undefined ? '' : ` (${standing})`
      return `${usd}${doubt}${upTo === null ? '' : ` up to ${upTo}`}`
    })
    .join(', ')
  return `  ${name}: ${steps} USD per ${unit} (${standing}, ${asOf}, ${source})`
}

const describe = (group: Readonly<Record<string, bigint>>): string =>
  Object.entries(group)
    .map(([name, value]) => `${name} ${value.toLocaleString('en-US')}`)
    .join(', ')

if (import.meta.main) {
  const deployment = readDeployment(readTemplates(ASSEMBLY_DIR))
  console.log(costReport(deployment, process.argv.includes('--lines')))
}
