import { randomUUID } from 'node:crypto'
import { whyNotRedrivable } from './redrivable.ts'
import type { Execution } from './state.ts'
import type { States } from './states.ts'

/**
 * Tells the account's default bus that an execution has started or ended.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function publishStatus({ cloud }: States, execution: Execution): void {
  const bus = `arn:aws:events:${cloud.region}:${cloud.accountId}:event-bus/default`
  const now = cloud.clock.now()
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: cloud.accountId,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region: cloud.region,
    resources: [execution.arn],
    detail: detailOf(execution, now),
  }
  const done = cloud.clock.busy(`status of ${execution.name}`)
  // AWS's services put their events themselves; no policy of the account has a say in it.
  cloud
    .deliver({ arn: bus }, event, { kind: 'root' })
    .catch((error: unknown) =>
      cloud.journal({
        source: 'states',
        summary: `${execution.name}: the default bus did not take its status`,
        detail: String(error),
      }),
    )
    .finally(done)
}

function detailOf(execution: Execution, now: number) {
  const { machine, output, stoppedAt, redrivenAt } = execution
  const reason = whyNotRedrivable(execution, now)
  return {
    executionArn: execution.arn,
    stateMachineArn: machine.arn,
    name: execution.name,
    status: execution.status,
    startDate: execution.startedAt,
    stopDate: stoppedAt ?? null,
    input: execution.inputText,
    output: output === undefined ? null : JSON.stringify(output),
    inputDetails: { included: true },
    outputDetails: output === undefined ? null : { included: true },
    error: execution.error ?? null,
    cause: execution.cause ?? null,
    redriveCount: execution.redriveCount,
    redriveDate: redrivenAt ?? null,
    redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    redriveStatusReason: reason ?? null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
  }
}
